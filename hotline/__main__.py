import sys

from hotline.commands.main import main

sys.exit(main(sys.argv[1:]))
