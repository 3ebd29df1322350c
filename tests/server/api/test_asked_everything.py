"""Everything that the document allows is asked, and some that it does not: no fault of ours, no undocumented answer."""

import gzip
import shutil
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from server import tokens
from server.access import credential_hash
from server.api.document import document
from server.app import create_app
from server.clock import now
from server.settings import Settings
from tests.server.pages.conftest import PROVINCE, Office

assert create_app  # with it everything is registered
EXAMPLES = 12  # of each operation, and as many that do not hold
OPERATIONS = [f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods]
GZIPPED = ("application/vnd.doi178.batch+gzip", "application/vnd.doi178.names+gzip")
CREDENTIAL = "the credential of a laptop"


@schemathesis.serializer(*GZIPPED)
def as_gzip(context, value):
    """Pack a drawn body as a laptop would pack a real one."""
    return gzip.compress(value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass"))


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(context, value):
    """Send a drawn body as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def asked(template, tmp_path_factory):
    """The document as a program finds it, and a token: of an office in a year's work that all of them ask."""
    folder = tmp_path_factory.mktemp("asked") / "data"
    shutil.copytree(template, folder)
    busy = Office(Settings(folder))
    busy.fill()
    busy.plan()
    busy.db["credentials"].insert({"device": busy.device, "hash": credential_hash(CREDENTIAL), "made_at": "2026-11-20"})
    admin = {"id": busy.users[busy.user("admin", PROVINCE)], "role": "admin", "unit": PROVINCE}
    token = tokens.make(busy.db, admin, "schemathesis", 30, now() - timedelta(days=1))
    app = create_app(busy.settings)
    drawn = ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(with_security_parameters=False)))
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=SchemathesisConfig(projects=drawn)), token
    busy.db.close()


def credential_of(operation, token):
    """Return the header that an operation asks for, if any."""
    schemes = {name for one in operation.definition.raw.get("security", []) for name in one}
    text = CREDENTIAL if "device" in schemes else token if "token" in schemes else ""
    return {"Authorization": f"Bearer {text}"} if text else {}


def has_something_to_get_wrong(label):
    method, _, path = label.partition(" ")
    return any(one["in"] != "path" for one in document()["paths"][path][method.lower()]["parameters"])


TRIED = [(label, GenerationMode.POSITIVE) for label in OPERATIONS]
TRIED += [(label, GenerationMode.NEGATIVE) for label in OPERATIONS if has_something_to_get_wrong(label)]


@pytest.mark.parametrize(("label", "mode"), TRIED, ids=lambda one: getattr(one, "value", one))
def test_it_is_answered_as_the_document_says(asked, label, mode):
    schema, token = asked
    operation = schema.find_operation_by_label(label)
    headers = credential_of(operation, token)

    @seed(178)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def ask(case):
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    ask()
