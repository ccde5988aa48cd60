"""The settings in plain words: what each is called, and what each of its values means."""

from collections.abc import Mapping

SECTIONS: Mapping[str, str] = {
    "agreement": "Agreement and consensus",
    "saliency": "Saliency maps",
    "localisation": "Localisation",
    "findings": "Findings",
    "figures": "Figures",
}
"""Parts of the settings in the order in which a run comes to them."""

NAMES: Mapping[str, str] = {
    "agreement.max_outlined_regions": "Most regions to outline",
    "agreement.require_all_graders_outlined": "Every grader has outlined",
    "agreement.reading": "Reading that counts",
    "agreement.tie": "Even split of votes",
    "agreement.kappa_cut": "Lowest kappa",
    "agreement.consensus": "Consensus",
    "agreement.adjudication": "Adjudicated regions",
    "saliency.method": "Method",
    "saliency.case_path": "Images of a case",
    "saliency.baseline": "Baseline",
    "saliency.sampler": "Sampler",
    "saliency.steps": "Steps of the path",
    "saliency.noise_samples": "Noisy copies",
    "saliency.joint_gradients": "Gradients",
    "saliency.noise_level": "Noise level",
    "saliency.channel_reduction": "Channels of a pixel",
    "saliency.target": "Explained class",
    "saliency.score": "Explained score",
    "saliency.seed": "Seed of the noise",
    "saliency.autocast": "Reduced precision",
    "saliency.shap_samples": "Random points",
    "saliency.occlusion_window": "Hidden square",
    "saliency.occlusion_stride": "Step between squares",
    "localisation.grid": "Grid of comparison",
    "localisation.max_pixels": "Size of the image grid",
    "localisation.pointing_tolerance": "Pointing tolerance",
    "localisation.ground_truth_cut": "High ground-truth coverage",
    "localisation.saliency_cut": "High saliency coverage",
    "localisation.case_rule": "Value of a case",
    "findings.extreme_fraction": "Share of extremes",
    "findings.min_cases_per_condition": "Fewest cases of a condition",
    "findings.lowest_conditions": "Conditions marked as lowest",
    "findings.sex_column": "Column of sex",
    "findings.skin_tone_column": "Column of skin tone",
    "findings.age_column": "Column of age",
    "findings.strata": "Further columns",
    "findings.alpha": "Level of tests",
    "findings.resamples": "Bootstrap resamples",
    "findings.permutations": "Permutations",
    "findings.cue_margin": "Margin of a wrong cue",
    "findings.confidence": "Level of intervals",
    "findings.seed": "Seed of the draws",
    "figures.palette": "Colours of a map",
    "figures.scale": "Scale of strengths",
    "figures.clip_above": "Full strength from",
    "figures.clip_below": "No strength up to",
    "figures.clean_up": "Smooth small spots",
    "figures.outlines": "Outlines in place of strengths",
}
"""What each setting is called, by its stable name."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "agreement.reading": {
        "first": "First: before any send-back",
        "latest": "Latest: after corrections",
    },
    "agreement.tie": {
        "background": "Background: not in the region",
        "foreground": "Foreground: in the region",
    },
    "agreement.consensus": {
        "majority": "Majority: more than half marked it",
        "staple": "STAPLE: votes weighed by reliability",
    },
    "agreement.adjudication": {
        "used": "Used: replace the consensus",
        "ignored": "Ignored: graders alone decide",
    },
    "saliency.method": {
        "integrated_gradients": "Integrated Gradients, SmoothGrad",
        "gradients": "Gradients",
        "input_x_gradient": "Input × gradient",
        "grad_cam": "Grad-CAM",
        "occlusion": "Occlusion",
        "gradient_shap": "GradientSHAP",
    },
    "saliency.case_path": {
        "together": "Together: all move along the path",
        "separate": "Separate: one moves at a time",
    },
    "saliency.baseline": {"black": "Black image"},
    "saliency.sampler": {
        "joint": "Joint: noise and path at once",
        "literal": "Literal: a path for each noisy copy",
    },
    "saliency.channel_reduction": {"signed_sum": "Sum, with sign"},
    "saliency.target": {
        "predicted": "Predicted: what the model says",
        "reference": "Reference: the case’s condition",
    },
    "saliency.score": {
        "softmax": "Probability of the class",
        "logit": "Logit of the class",
    },
    "localisation.grid": {
        "image": "Image, scaled",
        "model": "The model’s input",
    },
    "localisation.case_rule": {
        "max": "Highest of its images",
        "mean": "Mean of its images",
        "median": "Median of its images",
    },
    "figures.palette": {
        "colour_blind_safe": "Sky blue and orange",
        "paper": "Green and red, as in the paper",
    },
    "figures.scale": {
        "image": "Each map by itself",
        "shared": "One for all maps of a report",
    },
}
"""What each value of a choice is called; a value without words is shown as it is."""

SAMPLER_OF: Mapping[str, str] = {"noise_samples": "literal", "joint_gradients": "joint"}
"""Settings of Integrated Gradients that one sampler alone uses."""


def name_of(setting: str) -> str:
    """Return what a setting, such as ``agreement.kappa_cut``, is called."""
    return NAMES.get(setting) or setting.partition(".")[2].replace("_", " ").capitalize()


def value_text(setting: str, value: object) -> str:
    """Return a value of a setting in words: the first of them where a choice has several."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.12g}"
        case tuple():
            return ", ".join(map(str, value)) or "none"
        case _:
            words = VALUES.get(setting, {}).get(str(value), str(value))
            return words.partition(":")[0]
