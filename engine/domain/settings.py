"""Every choice the paper leaves open, by name, with the default of the method."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Method = Literal[
    "integrated_gradients",
    "gradients",
    "input_x_gradient",
    "grad_cam",
    "occlusion",
    "gradient_shap",
]
"""Ways to make a saliency map (method 7)."""


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
    consensus: Literal["majority", "staple"] = Field(
        "majority", description="how the graders' regions become one"
    )
    adjudication: Literal["used", "ignored"] = Field(
        "used", description="whether a lead's adjudicated region replaces the consensus"
    )


class SaliencySettings(Settings):
    """How a saliency map is made (method 7).

    Path, noise and autocast belong to Integrated Gradients; the other methods look at the clean
    images in float32.
    """

    method: Method = Field("integrated_gradients", description="how attributions are computed")
    case_path: Literal["together", "separate"] = Field(
        "together",
        description="case models: all images of a case move along the path, or one"
        " (integrated_gradients, gradient_shap)",
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
    shap_samples: int = Field(
        100, ge=1, description="gradients at random points of the path (gradient_shap)"
    )
    occlusion_window: int = Field(
        16, ge=1, description="side of the hidden square, pixels of the model's input (occlusion)"
    )
    occlusion_stride: int = Field(
        8,
        ge=1,
        description="from square to square, at most the window, the same pixels (occlusion)",
    )

    @model_validator(mode="after")
    def _squares_leave_no_gap(self) -> "SaliencySettings":
        if self.occlusion_stride > self.occlusion_window:
            raise ValueError(
                f"occlusion_stride ({self.occlusion_stride}) must be at most occlusion_window"
                f" ({self.occlusion_window})"
            )
        return self

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


class FindingsSettings(Settings):
    """Which questions are asked of a finished run, and how sure an answer must be (method 10)."""

    extreme_fraction: float = Field(0.1, gt=0, le=0.5, description="lowest and highest images")
    min_cases_per_condition: int = Field(5, ge=2, description="fewer cases are not compared")
    lowest_conditions: int = Field(3, ge=1, description="marked where lowest in DS and in SRCC")
    sex_column: str = Field("sex", description="metadata column, two groups")
    skin_tone_column: str = Field("skin_tone", description="metadata column, six types")
    age_column: str = Field("age", description="metadata column, a number")
    strata: tuple[str, ...] = Field((), description="further metadata columns to compare by")
    alpha: float = Field(0.05, gt=0, lt=1, description="level of all tests of a family together")
    resamples: int = Field(10_000, ge=100, description="bootstrap resamples of cases")
    permutations: int = Field(9_999, ge=99, description="permutations of a candidate cue's test")
    cue_margin: float = Field(
        0.4, ge=0, lt=1, description="a cue lowers DS above chance by more than this share of it"
    )
    confidence: float = Field(0.95, gt=0, lt=1, description="level of intervals")
    seed: int = Field(0, ge=0, description="of bootstrap, permutations and control samples")

    @field_validator("strata", mode="before")
    @classmethod
    def _names_may_be_given_in_one_text(cls, value: object) -> object:
        if isinstance(value, str):
            return [name.strip() for name in value.split(",") if name.strip()]
        return value


class FigureSettings(Settings):
    """How signed maps look in pictures (method 11)."""

    palette: Literal["colour_blind_safe", "paper"] = Field(
        "colour_blind_safe", description="sky blue and orange, or the paper's green and red"
    )
    scale: Literal["image", "shared"] = Field(
        "image", description="each map by itself, or one scale for all maps of a report"
    )
    clip_above: float = Field(
        99.9, gt=0, le=100, description="percentile of attribution mass shown at full strength"
    )
    clip_below: float = Field(
        0.0, ge=0, lt=100, description="percentile of attribution mass shown at no strength"
    )
    clean_up: bool = Field(False, description="grey closing, then opening, by 3 x 3 pixels")
    outlines: bool = Field(
        False,
        description="borders of the largest components instead of strengths; give a clip_below of"
        " 50 or more with it, or noise is outlined too",
    )

    @model_validator(mode="after")
    def _clips_are_in_order(self) -> "FigureSettings":
        if self.clip_below >= self.clip_above:
            raise ValueError(
                f"clip_below ({self.clip_below:g}) must be below clip_above ({self.clip_above:g})"
            )
        return self


class RunSettings(Settings):
    """All settings of one run, as they are printed in its manifest."""

    agreement: AgreementSettings = Field(
        AgreementSettings(), description="answers to consensus, kappa and admission"
    )
    saliency: SaliencySettings = Field(SaliencySettings(), description="making a saliency map")
    localisation: LocalisationSettings = Field(
        LocalisationSettings(), description="map against region, images against case"
    )
    findings: FindingsSettings = Field(
        FindingsSettings(), description="questions asked of a finished run"
    )
    figures: FigureSettings = Field(FigureSettings(), description="signed maps in pictures")
