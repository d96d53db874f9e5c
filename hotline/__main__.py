import os
import sys

from hotline.commands.main import main

# Databases, logs and text messages speak of callers: what any process makes is for its own user only.
os.umask(0o077)
sys.exit(main(sys.argv[1:]))
