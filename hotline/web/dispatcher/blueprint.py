from flask import Blueprint

pages = Blueprint("dispatcher", __name__, url_prefix="/dispatch")
