"""The list of editors: who they are and which role they have. Nobody else is ever shown.

An editor may also be a person with words of their own here, so nobody sets another's password,
changes their address or deletes their account from these screens; `make_editor` makes new ones.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.forms import UserEditForm
from wagtail.users.views import users as stock

from healing.accounts.models import User
from healing.cms.actions import GROUPS, editors


class EditorsPolicy(ModelPermissionPolicy):
    """Admins may change roles; nobody may add, copy or delete an account here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"change", "view"} and bool(user.is_superuser)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class EditorForm(UserEditForm):
    """Role and whether they can sign in; the address is shown and cannot be changed."""

    password_enabled = False
    first_name = last_name = None
    email = forms.EmailField(label=_("Email"), disabled=True)

    class Meta(UserEditForm.Meta):
        fields = ("email", "groups", "is_superuser", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = Group.objects.filter(name__in=GROUPS.values())


class EditorIndexView(stock.IndexView):
    """Editors only, without boxes to tick for many at once."""

    page_title = _("Editors")

    def get_base_queryset(self) -> QuerySet[User]:
        return editors()

    @property
    def columns(self) -> list[Any]:
        """Without the box for many at once, and without the address a second time."""
        return [one for one in super().columns if one.name not in {"bulk_actions", "email"}]


class EditorEditView(stock.EditView):
    """One editor; anyone else is not found."""

    def get_object(self, queryset: Any = None) -> User:
        return get_object_or_404(editors(), pk=self.kwargs["pk"])

    def get_history_url(self) -> None:
        """There is no such screen: see `OPEN` in the middleware."""

    get_usage_url = get_history_url


class EditorViewSet(stock.UserViewSet):
    """Wagtail's user screens, down to a list and a form."""

    menu_label = _("Editors")
    template_prefix = ""
    add_to_settings_menu = False
    add_to_admin_menu = True
    menu_order = 900
    copy_view_enabled = False
    search_fields = ("email",)
    index_view_class = EditorIndexView
    edit_view_class = EditorEditView

    @property
    def permission_policy(self) -> EditorsPolicy:
        return EditorsPolicy(User)

    def register_search_area(self) -> None:
        """The search of the menu looks for texts."""

    def get_form_class(self, for_update: bool = False) -> type[EditorForm]:
        return EditorForm
