"""What the page says where there is no run to look at."""

from desktop_app.window.state_page import State

NO_MODEL = State(
    "shown",
    "Where does the classifier look?",
    "Choose a model card at the left. Its saliency maps are compared with the regions that the"
    " graders outlined, and what looks wrong is listed at the right.",
)
READY = State(
    "shown",
    "Ready to run",
    "Each admitted image is explained and its map compared with the graders’ region. The run works"
    " in the background; rows come as they are made.",
)
NO_RUN = State(
    "shown",
    "No run is shown",
    "Run again, or show one of the runs at the left.",
)
