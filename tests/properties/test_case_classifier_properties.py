"""A case is a set of images: neither order nor empty places count."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiny_networks import case_network

NETWORK = case_network().double().eval()
quick = settings(max_examples=25, deadline=None)


@st.composite
def cases(draw):
    """Return images, mask and metadata of a few cases, each with at least one image."""
    count, places = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**32)))
    images = torch.randn((count, places, 3, 7, 9), generator=generator, dtype=torch.float64)
    mask = torch.rand((count, places), generator=generator) < 0.6
    mask[:, draw(st.integers(0, places - 1))] = True
    metadata = torch.randn((count, 2), generator=generator, dtype=torch.float64)
    return images, mask, metadata


def same(one, other):
    return torch.allclose(one, other, rtol=1e-12, atol=1e-12)


@quick
@given(case=cases(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_images_changes_nothing(case, random):
    images, mask, metadata = case
    order = list(range(images.shape[1]))
    random.shuffle(order)
    assert same(NETWORK(images[:, order], mask[:, order], metadata), NETWORK(*case))


@quick
@given(case=cases(), more=st.integers(1, 3), filling=st.floats(allow_nan=True))
def test_absent_images_change_nothing_whatever_lies_in_their_places(case, more, filling):
    images, mask, metadata = case
    count = len(images)
    beside = torch.full((count, more, 3, 7, 9), filling, dtype=torch.float64)
    longer = torch.cat((images.masked_fill(~mask[:, :, None, None, None], filling), beside), 1)
    absent = torch.zeros((count, more), dtype=torch.bool)
    assert same(NETWORK(longer, torch.cat((mask, absent), 1), metadata), NETWORK(*case))


@quick
@given(case=cases())
def test_a_case_gets_the_same_answer_alone_and_among_others(case):
    images, mask, metadata = case
    together = NETWORK(*case)
    for place in range(len(images)):
        one = slice(place, place + 1)
        assert same(NETWORK(images[one], mask[one], metadata[one])[0], together[place])


@quick
@given(case=cases(), times=st.integers(2, 3))
def test_every_image_shown_several_times_over_counts_as_once(case, times):
    images, mask, metadata = case
    repeated = images.repeat(1, times, 1, 1, 1), mask.repeat(1, times), metadata
    assert same(NETWORK(*repeated), NETWORK(*case))
