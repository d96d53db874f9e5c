"""What gunicorn serves: `gunicorn wsgi:app`."""

import os

from hotline import logs
from hotline.app import create_app
from hotline.settings import Settings

settings = Settings.from_env(os.environ)
logs.configure(settings.log_level)
app = create_app(settings)
