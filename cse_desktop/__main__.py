"""`python -m cse_desktop`: the window."""

import sys

from cse_desktop.app import main

sys.exit(main())
