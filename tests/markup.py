"""What every page owes a person who listens to it, or who has only a keyboard: checked in its HTML."""

from html.parser import HTMLParser

FILLED_IN = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """Gathers what a page's elements say of themselves."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.open_labels = 0
        self.inside_label = set()
        self.title = ""
        self.in_title = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open_labels += tag == "label"
        self.in_title = tag == "title"
        if self.open_labels:
            self.inside_label.add(len(self.elements))
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.open_labels -= tag == "label"
        self.in_title = self.in_title and tag != "title"

    def handle_data(self, data):
        self.title += data if self.in_title else ""

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def faults(text):
    """List what is wrong with a page; none is right."""
    page = Page(text)
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    found = [f"id {id} stands twice" for id in {id for id in ids if ids.count(id) > 1}]
    if [attrs.get("lang") for attrs in page.all("html")] != ["vi"]:
        found.append("the page does not say that it is Vietnamese")
    if not page.title.split("–")[0].strip():
        found.append("no title of its own")
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} headings h1")
    labels = {attrs.get("for") for attrs in page.all("label")}
    for at, (tag, attrs) in enumerate(page.elements):
        found += _of_field(page, at, tag, attrs, labels)
        found += [
            f"<{tag} {attrs.get('name', '')}> points at #{id}, which is not there"
            for name in ("aria-describedby", "aria-labelledby", "for")
            for id in (attrs.get(name) or "").split()
            if id not in ids
        ]
    return sorted(found)


def _of_field(page, at, tag, attrs, labels):
    if tag not in FILLED_IN or attrs.get("type") in NO_LABEL:
        return []
    named = at in page.inside_label or attrs.get("aria-label") or attrs.get("id") in labels
    found = [] if named else [f"<{tag} {attrs.get('name')}> has no label"]
    in_group = attrs.get("type") in {"radio", "checkbox"}  # the group says why
    if attrs.get("aria-invalid") and not attrs.get("aria-describedby") and not in_group:
        found.append(f"<{tag} {attrs.get('name')}> is wrong and does not say why")
    return found
