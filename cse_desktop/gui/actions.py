"""Everything a person can do in the main window: its word, icon and keys, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme


@dataclass(frozen=True, slots=True)
class _Spec:
    name: str
    text: str
    keys: tuple[str, ...] = ()
    glyph: str = ""
    checkable: bool = False
    list_key: str = ""
    """A key that the list of files answers itself: elsewhere it means something else."""


_FILE: Final = (
    _Spec("upload_files", "Upload &files…", ("Ctrl+U",), "ph.file"),
    _Spec("upload_folder", "Upload f&older…", ("Ctrl+Shift+U",), "ph.folder"),
    _Spec("paste_files", "Upload from &clipboard", ("Ctrl+V",), "ph.clipboard"),
    None,
    _Spec("download", "&Download…", ("Ctrl+D",), "ph.download-simple"),
    _Spec("preview", "&Preview", (), "ph.eye", list_key="Space"),
    _Spec("open_edit", "&Open and edit", ("Ctrl+E",), "ph.note-pencil"),
    _Spec("verify", "&Verify", ("Ctrl+Shift+V",), "ph.shield-check"),
    _Spec("new_folder", "&New folder…", ("Ctrl+Shift+N",), "ph.folder-plus"),
    None,
    _Spec("quit", "&Quit", ("Ctrl+Q",)),
)
_EDIT: Final = (
    _Spec("rename", "&Rename…", (), "ph.pencil-simple", list_key="F2"),
    _Spec("copy_to", "&Copy to…", (), "ph.copy-simple"),
    _Spec("move_to", "&Move to…", (), "ph.folder-open"),
    _Spec("delete", "&Delete…", (), "ph.trash", list_key="Del"),
    None,
    _Spec("versions", "&Versions…", (), "ph.clock-counter-clockwise"),
    _Spec("properties", "Propert&ies…", ("Alt+Return",), "ph.tag"),
    _Spec("thaw", "Restore from &archive…", (), "ph.package"),
    None,
    _Spec("copy_path", "Copy S3 &path", ("Ctrl+Shift+C", "Ctrl+C"), "ph.copy-simple"),
    _Spec("make_link", "Copy &link…", (), "ph.link"),
    _Spec("select_all", "Select &all", ("Ctrl+A",)),
    None,
    _Spec("filter", "&Filter this folder", ("Ctrl+F",), "ph.magnifying-glass"),
    _Spec("search", "Search the whole &bucket", ("Ctrl+Shift+F",), "ph.magnifying-glass"),
    None,
    _Spec("settings", "&Settings…", ("Ctrl+,",), "ph.gear"),
)
_VIEW: Final = (
    _Spec("sidebar", "&Sidebar", ("Ctrl+B",), "mdi6.dock-left", checkable=True),
    _Spec("inspector", "&Inspector", ("Ctrl+I",), "mdi6.dock-right", checkable=True),
    _Spec("transfers", "&Transfers", ("Ctrl+J",), "mdi6.dock-bottom", checkable=True),
    _Spec("tall_transfers", "Transfers at full &height", ("Ctrl+Shift+J",), checkable=True),
    None,
    _Spec("refresh", "&Refresh", ("F5", "Ctrl+R"), "ph.arrow-clockwise"),
    _Spec("totals", "Folder tota&ls…", (), "ph.list-numbers"),
    _Spec("open_files", "&Open files…", (), "ph.note-pencil"),
    _Spec("deleted_files", "&Deleted files…", (), "ph.trash"),
    None,
    _Spec("next_pane", "&Next pane", ("F6",)),
    _Spec("previous_pane", "&Previous pane", ("Shift+F6",)),
)
_GO: Final = (
    _Spec("back", "&Back", ("Alt+Left",), "ph.arrow-left"),
    _Spec("forward", "&Forward", ("Alt+Right",), "ph.arrow-right"),
    _Spec("up", "&Up", ("Alt+Up",), "ph.arrow-up"),
    None,
    _Spec("new_tab", "New &tab", ("Ctrl+T",), "ph.plus"),
    _Spec("close_tab", "&Close tab", ("Ctrl+W",), "ph.x"),
    _Spec("next_tab", "Ne&xt tab", ("Ctrl+Tab", "Ctrl+PgDown")),
    _Spec("previous_tab", "Pre&vious tab", ("Ctrl+Shift+Tab", "Ctrl+PgUp")),
    None,
    _Spec("pin", "P&in this place", ("Ctrl+Shift+D",), checkable=True),
    _Spec("recent_places", "&Recent places…", ("Ctrl+H",), "ph.clock"),
    _Spec("edit_path", "Edit &path…", ("Ctrl+L",), "ph.pencil-simple"),
    None,
    _Spec("add_connection", "&Add connection…", (), "ph.plus"),
    _Spec("edit_connection", "&Edit connection…", (), "ph.buildings"),
    _Spec("import_connections", "&Import connections…", ()),
    _Spec("export_connections", "E&xport connections…", ()),
    _Spec("add_bucket", "Add &bucket by name…", (), "ph.database"),
    _Spec("new_bucket", "&New bucket…", (), "ph.plus"),
)
_TRANSFERS: Final = (
    _Spec("hold_all", "&Pause all", (), "ph.pause"),
    _Spec("release_all", "&Continue all", (), "ph.play"),
    _Spec("cancel_all", "C&ancel all", (), "ph.x"),
    None,
    _Spec("clear_finished", "&Remove finished", ()),
)
_KEYS: Final = (
    _Spec("choose_key", "&Choose key…", ("Ctrl+K",), "ph.key"),
    _Spec("edit_context", "&Edit encryption context…", (), "ph.tag"),
    _Spec("copy_key", "Copy key &ARN", (), "ph.copy-simple"),
)
_HELP: Final = (
    _Spec("find_command", "&Find a command…", ("Ctrl+Shift+P",), "ph.magnifying-glass"),
    _Spec("shortcuts", "&Keyboard shortcuts", ("F1",), "ph.keyboard"),
    None,
    _Spec("support_bundle", "Save &support bundle…", (), "ph.package"),
    _Spec("open_logs", "Open folder of the &log", (), "ph.folder-open"),
    None,
    _Spec("about", "&About CSE Desktop", (), "ph.info"),
)
MENUS: Final = (
    ("&File", _FILE),
    ("&Edit", _EDIT),
    ("&View", _VIEW),
    ("&Go", _GO),
    ("&Transfers", _TRANSFERS),
    ("&Keys", _KEYS),
    ("&Help", _HELP),
)


class Actions(QObject):
    """The actions by name, and the menu bar made of them. GUI thread.

    A letter alone is never a shortcut here: lists search by typing.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._actions: dict[str, QAction] = {}
        self._glyphs: dict[str, str] = {}
        self._list_keys: dict[str, str] = {}
        for _title, specs in MENUS:
            for spec in specs:
                if spec is not None:
                    self._add(spec, window)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def names(self) -> tuple[str, ...]:
        """All names, in the order of the menus."""
        return tuple(self._actions)

    def word(self, name: str) -> str:
        """The text without mnemonic and key."""
        return self._actions[name].text().partition("\t")[0].replace("&", "")

    def keys(self, name: str) -> str:
        """The key as shown to the user, or ""."""
        return self._actions[name].shortcut().toString() or self._list_keys.get(name, "")

    def glyph(self, name: str) -> str:
        """The icon's name; "" where an action has none."""
        return self._glyphs[name]

    def fill(self, bar: QMenuBar) -> None:
        """Add the menus to a menu bar."""
        for title, specs in MENUS:
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            for spec in specs:
                if spec is None:
                    menu.addSeparator()
                else:
                    menu.addAction(self._actions[spec.name])

    def enable(self, is_enabled: bool, *names: str, reason: str = "") -> None:
        """Enable or disable actions; `reason` says in the tooltip why they are off."""
        for name in names:
            action = self._actions[name]
            action.setEnabled(is_enabled)
            word = self.word(name).rstrip("…")
            action.setToolTip(word if is_enabled or not reason else tip(f"{word}: {reason}"))

    def _add(self, spec: _Spec, window: QWidget) -> None:
        # The part after the tab is shown where a shortcut stands, and is none.
        text = f"{spec.text}\t{_native(spec.list_key)}" if spec.list_key else spec.text
        action = QAction(text, window)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if spec.name == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        elif spec.name == "settings":
            action.setMenuRole(QAction.MenuRole.PreferencesRole)
        elif spec.name == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        else:
            # macOS moves entries by guessing from their words otherwise.
            action.setMenuRole(QAction.MenuRole.NoRole)
        window.addAction(action)
        self._actions[spec.name] = action
        self._glyphs[spec.name] = spec.glyph
        if spec.list_key:
            self._list_keys[spec.name] = _native(spec.list_key)

    def _draw_icons(self) -> None:
        for name, action in self._actions.items():
            if self._glyphs[name] and not action.isCheckable():
                action.setIcon(icon(self._theme, self._glyphs[name]))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
