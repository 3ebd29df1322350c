"""The OpenAPI document is valid, and every example in it is as its schema says."""

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from server.api.document import document
from server.api.problems import all_problems
from server.api.reads import READS
from server.app import create_app  # with it everything is registered

assert create_app


def operations():
    """Yield (name, operation) of everything that is described."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def examples():
    """Yield (name, schema, example) of every body that has one."""
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                several = {slug: one["value"] for slug, one in content.get("examples", {}).items()}
                for slug, example in ({"": content["example"]} if "example" in content else several).items():
                    yield f"{name} {status} {slug}".strip(), content["schema"], example


OPERATIONS, EXAMPLES = dict(operations()), {name: rest for name, *rest in examples()}


def test_the_document_is_valid():
    validate(document())

    assert document()["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_as_its_schema_says(name):
    schema, example = EXAMPLES[name]
    whole = schema | {"components": document()["components"]}

    assert [error.message for error in Draft202012Validator(whole).iter_errors(example)] == []


@pytest.mark.parametrize("name", READS)
def test_every_example_of_a_read_loads_without_an_unknown_or_missing_key(name):
    one = READS[name]

    assert one.answer().validate(one.example) == {}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_is_for_and_has_an_answer_with_an_example(name):
    operation = OPERATIONS[name]

    assert operation["summary"].endswith(".")
    assert operation["operationId"]
    assert {"429", "500"} <= operation["responses"].keys()


def test_no_two_operations_have_one_name():
    names = [operation["operationId"] for operation in OPERATIONS.values()]

    assert len(names) == len(set(names))


def test_the_catalogue_has_every_problem_once_with_its_meaning(office):
    answer = office.app().test_client().get("/api/v1/problems").get_json()

    slugs = [one["slug"] for one in answer["problems"]]
    assert slugs == sorted({problem.slug for problem in all_problems()})
    assert all(len(one["means"]) > 15 for one in answer["problems"])


def test_every_address_under_the_api_is_described_and_nothing_else_is(office):
    app = office.app()
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    there = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in rules
        for method in rule.methods - ({"HEAD"} if "GET" in rule.methods else set())
        if method != "OPTIONS" or rule.endpoint == "files.ask"  # Flask answers it by itself elsewhere
    }

    said = {tuple(name.split(" ")) for name in OPERATIONS}
    assert {one for one in said if one[1].startswith("/api/v1/")} == there
