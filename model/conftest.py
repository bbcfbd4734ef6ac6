"""Lets pytest find the modules beside it, from whatever directory it is started."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
