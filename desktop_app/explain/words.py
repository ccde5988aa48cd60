"""What methods, samplers and devices are called on the page, and what each means and costs."""

from collections.abc import Mapping

from desktop_app.session.explaining.runs import METHODS
from engine.domain.settings import RunSettings, SaliencySettings

__all__ = ["DEVICES", "METHODS", "METHOD_MEANINGS", "SAMPLERS", "SAMPLER_MEANINGS", "gradients_of"]

METHOD_MEANINGS: Mapping[str, str] = {
    "integrated_gradients": "The paper’s method: gradients averaged along the way from black to the"
    " image, over noisy copies. The finest maps, and the slowest.",
    "gradients": "How the score answers to each pixel, at the image alone. One gradient an image:"
    " quick and noisy.",
    "input_x_gradient": "The gradient times the pixel itself. One gradient an image: quick and"
    " noisy.",
    "grad_cam": "What one layer of the network answers to. One gradient an image: quick, coarse,"
    " and never negative.",
    "occlusion": "How the score falls when a square is hidden. No gradient, but one look for each"
    " square.",
    "gradient_shap": "Gradients at random points between black and the image. Between quick and"
    " fine, by the number of points.",
}

SAMPLERS: Mapping[str, str] = {"joint": "Joint", "literal": "Literal"}
SAMPLER_MEANINGS: Mapping[str, str] = {
    "joint": "Noise and path are drawn together: the same expectation from far fewer gradients.",
    "literal": "The paper’s recipe: the whole path for each noisy copy.",
}

DEVICES: Mapping[str, str] = {
    "auto": "The best there is",
    "cpu": "Processor",
    "cuda": "NVIDIA GPU (CUDA)",
    "mps": "Apple GPU (MPS)",
}


def gradients_of(settings: RunSettings) -> int:
    """Return how many gradients an image takes by its settings; 0 where none is taken."""
    saliency: SaliencySettings = settings.saliency
    if saliency.method == "occlusion":
        return 0
    if saliency.method == "gradient_shap":
        return saliency.shap_samples
    if saliency.method != "integrated_gradients":
        return 1
    is_joint = saliency.sampler == "joint"
    return saliency.joint_gradients if is_joint else saliency.steps * saliency.noise_samples


def cost_text(settings: RunSettings) -> str:
    """Return what a method costs for each image, in words."""
    count = gradients_of(settings)
    if not count:
        return "One look of the model for each hidden square."
    return f"{count:,} gradient{'s' * (count > 1)} an image.".replace(",", "\u202f")
