"""What a browser does: read a page, send a form with its token."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def soup(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def one(page: Tag, selector: str) -> Tag:
    """Return the first that `selector` finds; fails where there is none."""
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def token_of(client: FlaskClient) -> str:
    """Return the forgery token of this session, as every page carries it."""
    page = client.get("/password")
    if page.status_code == 303:
        page = client.get("/sign-in")
    meta = soup(page).find("meta", {"name": "csrf-token"})
    assert meta is not None
    return str(meta["content"])


def post(client: FlaskClient, url: str, /, **fields: object) -> TestResponse:
    """Send a form as a page of this session would."""
    return client.post(url, data={"csrf_token": token_of(client), **fields})
