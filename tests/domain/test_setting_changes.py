"""Settings beside their defaults."""

from engine.domain.setting_changes import ChangedSetting, changed_settings, named_settings
from engine.domain.settings import AgreementSettings, FindingsSettings, RunSettings

OTHERS = RunSettings(
    agreement=AgreementSettings(kappa_cut=0.5), findings=FindingsSettings(strata=("site",))
)


def test_settings_as_by_default_are_not_changed():
    assert changed_settings(RunSettings()) == ()


def test_what_differs_is_named_with_its_default_and_its_meaning():
    assert changed_settings(OTHERS) == (
        ChangedSetting("agreement.kappa_cut", 0.5, 0.4, "images with a lower kappa leave"),
        ChangedSetting("findings.strata", ("site",), (), "further metadata columns to compare by"),
    )


def test_all_settings_are_listed_in_order_each_with_a_meaning():
    found = named_settings(OTHERS)
    tables = OTHERS.model_dump()
    assert [s.name for s in found] == [f"{t}.{n}" for t, values in tables.items() for n in values]
    assert [s.value for s in found] == [v for values in tables.values() for v in values.values()]
    assert all(setting.description for setting in found)
    assert [s.name for s in found if s.is_changed] == ["agreement.kappa_cut", "findings.strata"]
