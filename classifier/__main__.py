"""python -m classifier train | evaluate | predict | explain | adapt | noise"""

import sys

from classifier.commands.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
