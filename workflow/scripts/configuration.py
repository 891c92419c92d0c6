"""Keep the configuration of a study with its results."""

from typing import Any

from job import run, settings_of


def configuration(job: Any) -> None:
    import json

    from gmd.storage import written_whole

    text = json.dumps(settings_of(job), indent=2, ensure_ascii=False)
    with written_whole(job.output[0]) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    run(configuration)
