"""The agreement over a study before and after the cut, as the paper reports it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean, stdev

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.rows import ImageAgreement

_OUTLINED_BUT_LEFT = {Reason.KAPPA_UNDEFINED, Reason.KAPPA_BELOW_CUT}
"""Reasons that only an image can have whose graders outlined."""


@dataclass(frozen=True, slots=True)
class Group:
    """The kappa of a group of images.

    Attributes
    ----------
    images, cases
        Their number, and the number of cases to which they belong.
    kappa_mean, kappa_sd
        Mean and standard deviation (n - 1 in the denominator) over the images whose Fleiss kappa
        is defined; undefined for no image, and for fewer than two.
    kappa_images
        The number of images whose Fleiss kappa is defined.
    kappa_undefined
        The number of the others, by reason.
    """

    images: int
    cases: int
    kappa_mean: Measure
    kappa_sd: Measure
    kappa_images: int
    kappa_undefined: Mapping[Reason, int]


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """Agreement over a study, and how many images each step of admission costs.

    The paper collected "at least one label" for 1907 images of 1309 cases (its `everything`, where
    each image of the study has a label), went on with those for which all regions were labelled
    (`before`: kappa 0.65 +- 0.27), and kept those with kappa of at least 0.4 (`after`: 1526 images
    of 1083 cases, 0.76 +- 0.16). It does not say how many images the second step cost.

    Attributes
    ----------
    everything
        All images of the study; kappa over those with at least two answers.
    before
        The images whose graders outlined: all assigned graders, or at least two where
        ``require_all_graders_outlined`` is off.
    after
        The admitted images: of those before, the ones with kappa at or above the cut.
    left_out
        The number of images left out, by reason: ``everything.images - after.images`` in all.
    """

    everything: Group
    before: Group
    after: Group
    left_out: Mapping[Reason, int]


def summarise(rows: Iterable[ImageAgreement]) -> AgreementSummary:
    """Count images and cases and average kappa, over the study, before and after the cut.

    The rows are taken one by one and not kept.

    References
    ----------
    Section 3.3 and Figure 2; method, section 5.
    """
    everything, before, after = _Tally(), _Tally(), _Tally()
    left_out: Counter[Reason] = Counter()
    for row in rows:
        everything.add(row)
        if row.reason is None or row.reason in _OUTLINED_BUT_LEFT:
            before.add(row)
        if row.reason is None:
            after.add(row)
        else:
            left_out[row.reason] += 1
    return AgreementSummary(everything.group(), before.group(), after.group(), _in_order(left_out))


@dataclass(slots=True)
class _Tally:
    """A group while it is being counted."""

    images: int = 0
    cases: set[str] = field(default_factory=set)
    kappas: list[float] = field(default_factory=list)
    undefined: Counter[Reason] = field(default_factory=Counter)

    def add(self, row: ImageAgreement) -> None:
        self.images += 1
        self.cases.add(row.image.case)
        if isinstance(row.fleiss_kappa, Undefined):
            self.undefined[row.fleiss_kappa.reason] += 1
        else:
            self.kappas.append(row.fleiss_kappa)

    def group(self) -> Group:
        count = len(self.kappas)
        too_few = Undefined(Reason.TOO_FEW_IMAGES)
        return Group(
            images=self.images,
            cases=len(self.cases),
            kappa_mean=fmean(self.kappas) if count else too_few,
            kappa_sd=stdev(self.kappas) if count > 1 else too_few,
            kappa_images=count,
            kappa_undefined=_in_order(self.undefined),
        )


def _in_order(counts: Mapping[Reason, int]) -> dict[Reason, int]:
    """Return counts in the order in which reasons are declared, whatever came first."""
    return {reason: counts[reason] for reason in Reason if reason in counts}
