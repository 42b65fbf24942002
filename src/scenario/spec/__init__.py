"""The file as written: the only place that knows YAML and pydantic."""

import os

# Nobody's pydantic plugins look at our models; asking the installed packages for some takes a tenth of a start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
