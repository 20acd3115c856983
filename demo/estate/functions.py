"""The functions of the sample estate, in the order in which they are made."""

from typing import Final

from demo.estate.sample import Contents, Promise, SampleFunction, Traffic


def _tags(owner: str, environment: str) -> dict[str, str]:
    return {"owner": owner, "environment": environment}


ESTATE: Final = (
    SampleFunction(
        name="orders-api",
        runtime="python3.13",
        story="Well kept: tagged, current packages, steady traffic",
        tags=_tags("orders-team", "production"),
        contents=Contents(python=("urllib3==2.8.0", "idna==3.20", "certifi==2026.10.18")),
        existed=True,
        redeployed=True,
        traffic=Traffic(per_minute=120, duration_ms=85),
    ),
    SampleFunction(
        name="crawler-lab",
        runtime="python3.13",
        story="An experiment whose use has just exploded",
        tags=_tags("search-team", "experimental"),
        expires_in_days=30,
        existed=True,
        deployed_by="ci-pipeline",
        traffic=Traffic(per_minute=40, duration_ms=900, runaway_factor=400),
        promises=(
            Promise("abnormal-behaviour", "critical", "Runaway"),
            Promise("concurrency-capped", "high", "capped at"),
        ),
    ),
    SampleFunction(
        name="payment-sync",
        runtime="python3.13",
        story="Its calls to a payment provider fail, X-Ray shows where",
        tags=_tags("payments-team", "production"),
        existed=True,
        traffic=Traffic(per_minute=30, duration_ms=240),
        faulty_traces=8,
        promises=(Promise("trace-faults", "medium"),),
    ),
    SampleFunction(
        name="ledger-api",
        runtime="python3.13",
        story="An API calls it, and since today an old export that never did",
        tags=_tags("finance-team", "production"),
        existed=True,
        caller="ledger/prod",
        new_caller="legacy-export",
        promises=(Promise("unexpected-caller", "medium", "legacy-export"),),
    ),
    SampleFunction(
        name="price-formula",
        runtime="python3.13",
        story="Evaluates formulas of strangers; one of them starts programs",
        tags=_tags("pricing-team", "production"),
        existed=True,
        broken_into="",
        promises=(Promise("unexpected-program", "critical", "Started /bin/sh"),),
    ),
    SampleFunction(
        name="price-formula-fenced",
        runtime="python3.13",
        story="The same with a policy: the attack fails, the function answers",
        tags=_tags("pricing-team", "production"),
        existed=True,
        broken_into="program=block",
        promises=(Promise("unexpected-program", "high", "Blocked: started /bin/sh"),),
    ),
    SampleFunction(
        name="legacy-export",
        runtime="nodejs16.x",
        story="Runs on a runtime that gets no patches any more",
        tags=_tags("finance-team", "back-office"),
        existed=True,
        promises=(Promise("retired-runtime", "medium"),),
    ),
    SampleFunction(
        name="invoice-mailer",
        runtime="python3.13",
        story="Python packages with known vulnerabilities",
        tags=_tags("finance-team", "production"),
        contents=Contents(python=("jinja2==2.10", "requests==2.28.2", "urllib3==1.26.4")),
        promises=(
            Promise("vulnerable-package", "high", "jinja2 2.10"),
            Promise("vulnerable-package", "medium", "requests 2.28.2"),
            Promise("vulnerable-package", "high", "urllib3 1.26.4"),
        ),
    ),
    SampleFunction(
        name="checkout-webhook",
        runtime="nodejs22.x",
        story="Node packages with critical vulnerabilities",
        tags=_tags("checkout-team", "production"),
        contents=Contents(node=("lodash@4.17.11", "minimist@1.2.5")),
        promises=(
            Promise("vulnerable-package", "critical", "lodash 4.17.11"),
            Promise("vulnerable-package", "critical", "minimist 1.2.5"),
        ),
    ),
    SampleFunction(
        name="report-builder",
        runtime="python3.13",
        story="Nobody said whose it is",
        promises=(Promise("tag-policy", "medium", "unclassified"),),
    ),
    SampleFunction(
        name="loyalty-sync",
        runtime="python3.13",
        story="Its tags are there, spelt in another way",
        tags={"Owner": "loyalty-team", "env": "prod"},
        promises=(Promise("tag-policy", "info", "spelt"),),
    ),
    SampleFunction(
        name="pricing-experiment",
        runtime="python3.13",
        story="An experiment that should be gone by now",
        tags=_tags("pricing-team", "experimental"),
        expires_in_days=-12,
        promises=(Promise("expiry-tag", "medium", "Expired"),),
    ),
    SampleFunction(
        name="public-status",
        runtime="python3.13",
        story="Its URL asks nobody for credentials",
        tags=_tags("platform-team", "production"),
        open_url=True,
        promises=(Promise("open-function-url", "high"),),
    ),
    SampleFunction(
        name="partner-import",
        runtime="python3.13",
        story="Its resource policy lets the whole world call it",
        tags=_tags("partner-team", "production"),
        open_policy=True,
        promises=(Promise("world-open-policy", "critical"),),
    ),
    SampleFunction(
        name="storefront-edge",
        runtime="nodejs22.x",
        story="One bundled file: its lockfile tells the versions",
        tags=_tags("storefront-team", "production") | {"source": "storefront"},
        contents=Contents(bundled=("lodash@4.17.20", "ms@2.1.3")),
        promises=(Promise("vulnerable-package", "high", "lodash 4.17.20"),),
    ),
    SampleFunction(
        name="import-nightly",
        runtime="python3.13",
        story="Its package is damaged and cannot be read in full",
        tags=_tags("data-team", "back-office"),
        contents=Contents(python=("idna==3.20",), damaged="idna-3.20.dist-info/METADATA"),
        promises=(Promise("unread-contents", "low"),),
    ),
)
