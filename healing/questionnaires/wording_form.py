"""The editing form of added words: a draft may be half typed, what is published is whole."""

from healing.editorial.forms import TextForm


class AddedWordingForm(TextForm):
    """Names everything that is missing before words go to a reviewer or to people."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation:
            return
        # An empty field has been named by the form already.
        named = set(self.errors)
        for field, fault in self.instance.faults():
            if field not in named:
                self.add_error(field, fault)
