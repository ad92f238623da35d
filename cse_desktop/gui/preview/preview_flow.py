"""Which file is previewed: one window, and the files of the open folder around it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from cse_desktop.core.objects import Entry
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.places import Place
from cse_desktop.gui.preview.preview_window import PreviewWindow
from cse_desktop.gui.transfers.transfer_flows import TransferFlows


class PreviewFlow(QObject):
    """Opens, moves on and closes the preview. GUI thread.

    Signals:
        open_asked: Place and Entry that another program is to show.
        opened: Place, ObjectRef and Opened of a file whose key is known now.
    """

    opened = Signal(object, object, object)
    open_asked = Signal(object, object)

    def __init__(
        self, backstage: Backstage, files: ObjectPane, flows: TransferFlows, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._backstage = backstage
        self._files = files
        self._flows = flows
        self._window: PreviewWindow | None = None
        self._place: Place | None = None

    @property
    def window(self) -> PreviewWindow | None:
        """The preview that is open."""
        return self._window

    def toggle(self, place: Place, entry: Entry) -> None:
        """Show a file; close the window if it shows this one already."""
        window = self._window
        if window is not None and window.entry is not None and window.entry.key == entry.key:
            window.close()
            return
        self._show(place, entry)

    def show_version(self, place: Place, entry: Entry, version: str) -> None:
        """Show an earlier version of a file."""
        self._prepare(place).show_file(place, entry, 1, 1, version)
        self._bring_up()

    @Slot()
    def close(self) -> None:
        """Close the preview, and forget what it showed."""
        if self._window is not None:
            self._window.close()

    def _prepare(self, place: Place) -> PreviewWindow:
        """The window, made where there is none."""
        self._place = place
        if self._window is None:
            backstage = self._backstage
            window = PreviewWindow(
                backstage.theme, backstage.bridge, backstage.sessions.get, self._label_of
            )
            center = self._files.window().frameGeometry().center()
            window.move(center - window.rect().center())
            window.step_asked.connect(self._step)
            window.save_asked.connect(self._save)
            window.open_asked.connect(self._ask_open)
            window.opened.connect(self.opened)
            window.closed.connect(self._let_go)
            self._window = window
        return self._window

    def _show(self, place: Place, entry: Entry) -> None:
        window = self._prepare(place)
        files = self._neighbours()
        keys = [each.key for each in files]
        position = keys.index(entry.key) + 1 if entry.key in keys else 1
        window.show_file(place, entry, position, max(1, len(files)))
        self._bring_up()

    def _bring_up(self) -> None:
        if self._window is not None:
            self._window.show()
            self._window.raise_()
            self._window.activateWindow()

    def _neighbours(self) -> list[Entry]:
        """The files in the list, in its order."""
        model = self._files.model
        shown = model.entries_between(0, model.shown_count() - 1)
        return [each for each in shown if not each.is_folder]

    def _label_of(self, entry: Entry) -> str:
        note = self._files.reader.state(entry).key
        return note.label if note else ""

    @Slot(int)
    def _step(self, by: int) -> None:
        window, place = self._window, self._place
        if window is None or place is None or window.entry is None:
            return
        if self._files.folder != place.folder:
            return  # the list shows another folder now
        files = self._neighbours()
        keys = [each.key for each in files]
        if window.entry.key not in keys:
            return
        at = keys.index(window.entry.key) + by
        if 0 <= at < len(files):
            self._files.view.select_keys([files[at].key])
            self._show(place, files[at])

    @Slot(object)
    def _ask_open(self, entry: Entry) -> None:
        if self._place is not None:
            self.open_asked.emit(self._place, entry)

    @Slot(object)
    def _save(self, entry: Entry) -> None:
        if self._place is None:
            return
        settings = self._backstage.preferences.settings
        name = QFileDialog.getExistingDirectory(
            self._window,
            "Choose the folder for the decrypted copy",
            str(settings.download_folder or Path.home()),
        )
        if name:
            self._flows.download([entry], self._place, Path(name))

    @Slot()
    def _let_go(self) -> None:
        self._window = None
