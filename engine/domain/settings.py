"""Every choice the paper leaves open, by name, with the default of the method."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Settings(BaseModel):
    """Frozen named settings; unknown names and values out of range are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AgreementSettings(Settings):
    """How graders' answers become consensus, kappa and admission (method 3 to 5)."""

    max_outlined_regions: int = Field(4, ge=1, description="more regions are only flagged")
    require_all_graders_outlined: bool = Field(
        True, description="an image enters only when every assigned grader outlined"
    )
    reading: Literal["first", "latest"] = Field(
        "first", description="which completed reading counts for agreement between graders"
    )
    tie: Literal["background", "foreground"] = Field(
        "background", description="what an even split of votes becomes in the consensus"
    )
    kappa_cut: float = Field(0.4, ge=-1, le=1, description="images with a lower kappa leave")


class SaliencySettings(Settings):
    """How a saliency map is made (method 7)."""

    method: Literal["integrated_gradients"] = Field(
        "integrated_gradients", description="how attributions are computed"
    )
    baseline: Literal["black"] = Field(
        "black", description="x', where the path starts: this image, preprocessed as every other"
    )
    sampler: Literal["joint", "literal"] = Field(
        "joint", description="how noise and path are averaged; the expectation is the same"
    )
    steps: int = Field(50, ge=1, description="m, nodes k/m of the path, right Riemann sum")
    noise_samples: int = Field(25, ge=1, description="N, noisy copies (literal sampler)")
    joint_gradients: int = Field(500, ge=1, description="gradients, a multiple of steps (joint)")
    noise_level: float = Field(0.15, ge=0, description="of (max - min) of the image in [0, 1]")
    channel_reduction: Literal["signed_sum"] = Field(
        "signed_sum", description="how a pixel's channels become one number"
    )
    target: Literal["predicted", "reference"] = Field(
        "predicted", description="the explained class: the case's prediction or its condition's"
    )
    score: Literal["softmax", "logit"] = Field(
        "softmax", description="what of the class is differentiated: its probability or logit"
    )
    seed: int = Field(0, ge=0, description="with the image's digest it determines the noise")
    autocast: bool = Field(False, description="reduced precision on CUDA; measured where on")

    @model_validator(mode="after")
    def _joint_gradients_fill_the_path(self) -> "SaliencySettings":
        if self.sampler == "joint" and self.joint_gradients % self.steps:
            raise ValueError(
                f"joint_gradients ({self.joint_gradients}) must be a multiple of steps"
                f" ({self.steps})"
            )
        return self


class LocalisationSettings(Settings):
    """How a map is compared with a region, and images with their case (method 8 and 9)."""

    grid: Literal["image", "model"] = Field(
        "image", description="where both are compared: the scaled image, or the model's input"
    )
    max_pixels: int = Field(1_000_000, ge=1, description="size of the image grid, pixels")
    pointing_tolerance: float = Field(
        0.0, ge=0, description="pointing game: how far beside the ROI still hits, grid pixels"
    )
    ground_truth_cut: float = Field(0.5, ge=0, le=1, description="high ground-truth coverage")
    saliency_cut: float = Field(0.5, ge=0, le=1, description="high saliency coverage")
    case_rule: Literal["max", "mean", "median"] = Field(
        "max", description="which value of its images a case takes"
    )


class RunSettings(Settings):
    """All settings of one run, as they are printed in its manifest."""

    agreement: AgreementSettings = Field(
        AgreementSettings(), description="answers to consensus, kappa and admission"
    )
    saliency: SaliencySettings = Field(SaliencySettings(), description="making a saliency map")
    localisation: LocalisationSettings = Field(
        LocalisationSettings(), description="map against region, images against case"
    )
