"""What is said after a press of a button, and what that press does."""

from django.utils.translation import gettext_lazy as _

# What the buttons below an exercise do: the list it joins or leaves, and what is said then.
CHOICES = {
    "favourite": ("favourites", True, _("It is one of your favourites now.")),
    "not-favourite": ("favourites", False, _("It is no favourite any more.")),
    "hidden": ("hidden", True, _("Put away. It will not be shown or suggested to you.")),
    "not-hidden": ("hidden", False, _("It is back in your library.")),
    "again": ("again", True, _("It may be suggested to you again.")),
}
# What is said after each answer to the offer of the gentler path; "no" is for not now.
PATH_SAID = {
    "on": _("The gentler path is on. You can end it at any time."),
    "off": _("The gentler path has ended. Everything is as it was before."),
    "no": _("All right. The exercises page shows where to switch it on, should you want it."),
}
