"""What is wired to what in the main window."""

from __future__ import annotations

from typing import Protocol

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.session import Connection
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.pane_ring import PaneRing
from cse_desktop.gui.browser.pane_states import PaneAction
from cse_desktop.gui.places import Place
from cse_desktop.gui.window.window_inside import Inside
from cse_desktop.jobs.snapshot import Failure, Snapshot


class Shell(Protocol):
    """What the window itself does; see MainWindow."""

    backstage: Backstage
    panes: PaneRing

    def close(self) -> bool: ...
    def show_policy(self, switches: tuple[str, ...]) -> None: ...
    def show_welcome(self) -> None: ...
    def leave_welcome(self) -> None: ...
    def open_place(self, place: Place, select: str) -> None: ...
    def open_first_bucket(self, connection: str) -> None: ...
    def choose_bucket(self, connection: str, bucket: str) -> None: ...
    def show_selection(self) -> None: ...
    def read_key(self, entry: Entry) -> None: ...
    def act(self, action: PaneAction) -> None: ...
    def follow_key(self) -> None: ...
    def follow_place(self) -> None: ...
    def follow_preferences(self) -> None: ...
    def take_end(self, snapshot: Snapshot) -> None: ...
    def show_job(self, snapshot: Snapshot) -> None: ...
    def show_object(self, ref: ObjectRef) -> None: ...
    def show_connection(self, connection: Connection) -> None: ...
    def show_connect_failure(self, failure: Failure) -> None: ...


def wire(window: Shell, inside: Inside) -> None:
    """Connect every signal of the parts to whoever decides."""
    _wire_actions(window, inside)
    _wire_places(window, inside)
    _wire_keys(window, inside)
    _wire_transfers(window, inside)
    _wire_connections(window, inside)
    _wire_managing(window, inside)
    _wire_support(inside)


def _wire_actions(window: Shell, inside: Inside) -> None:
    parts, queue = inside.parts, window.backstage.queue
    for name, slot in (
        ("quit", window.close),
        ("back", inside.navigator.back),
        ("forward", inside.navigator.forward),
        ("up", inside.navigator.up),
        ("edit_path", parts.address.path.edit),
        ("filter", parts.address.start_filter),
        ("search", parts.address.start_search),
        ("refresh", parts.files.model.refresh),
        ("select_all", parts.files.view.selectAll),
        ("choose_key", inside.key_flow.choose_any),
        ("edit_context", inside.key_flow.edit_context),
        ("settings", inside.settings_flow.show),
        ("add_connection", window.show_welcome),
        ("add_bucket", inside.menus.add_bucket_here),
        ("new_bucket", inside.menus.new_bucket_here),
        ("hold_all", queue.hold_all),
        ("release_all", queue.release_all),
        ("cancel_all", queue.cancel_all),
        ("clear_finished", parts.transfers.clear_finished),
        ("next_pane", window.panes.go_on),
        ("previous_pane", window.panes.go_back),
        ("find_command", inside.menus.find_command),
        ("shortcuts", inside.notices.show_shortcuts),
        ("support_bundle", inside.support.save),
        ("open_logs", inside.support.open_logs),
        ("about", inside.notices.show_about),
    ):
        inside.actions[name].triggered.connect(slot)


def _wire_places(window: Shell, inside: Inside) -> None:
    parts, commands, tell = inside.parts, inside.commands, inside.parts.status.tell
    files = parts.files
    inside.navigator.attach(parts.address.path)
    inside.navigator.moved.connect(window.open_place)
    inside.navigator.refused.connect(tell)
    parts.address.filter_changed.connect(files.set_filter)
    parts.address.filter_left.connect(commands.enter)
    parts.address.search_asked.connect(files.search)
    files.filter_cleared.connect(parts.address.filter.clear)
    files.view.up_asked.connect(inside.navigator.up)
    files.view.menu_asked.connect(inside.menus.open_for_files)
    files.view.selection_changed.connect(window.show_selection)
    files.model.state_changed.connect(window.show_selection)
    files.details_asked.connect(inside.notices.show_failure)
    files.acted.connect(window.act)
    parts.buckets.place_chosen.connect(window.choose_bucket)
    parts.inspector.download_asked.connect(commands.download)
    parts.inspector.verify_asked.connect(commands.verify)
    parts.inspector.menu_asked.connect(inside.menus.open_for_files)
    parts.inspector.read_key_asked.connect(window.read_key)
    parts.inspector.policy_asked.connect(window.show_policy)
    parts.inspector.details_asked.connect(inside.notices.show_failure)
    inside.settings_flow.policy_changed.connect(files.view.read_envelopes)
    commands.told.connect(tell)
    commands.counted.connect(parts.status.set_counts)
    commands.failed.connect(inside.notices.show_failure)


def _wire_keys(window: Shell, inside: Inside) -> None:
    preferences = window.backstage.preferences
    inside.key_flow.attach(inside.parts.actions.chip)
    inside.key_flow.failed.connect(inside.notices.show_failure)
    inside.upload_key.changed.connect(window.follow_key)
    inside.parts.actions.upload_asked.connect(inside.commands.upload_files)
    inside.parts.buckets.keys_asked.connect(inside.key_flow.choose_any)
    inside.key_notes.failed.connect(inside.notices.show_failure)
    preferences.changed.connect(window.follow_preferences)
    preferences.not_saved.connect(inside.notices.show_failure)


def _wire_transfers(window: Shell, inside: Inside) -> None:
    panel, tell = inside.parts.transfers, inside.parts.status.tell
    window.backstage.bridge.changed.connect(inside.transfers.take)
    inside.transfers.ended.connect(window.take_end)
    inside.transfers.ended.connect(inside.key_notes.take_end)
    inside.flows.told.connect(tell)
    inside.flows.failed.connect(inside.notices.show_failure)
    panel.told.connect(tell)
    panel.upload_requested.connect(inside.commands.upload_files)
    panel.details_requested.connect(window.show_job)
    panel.decision_requested.connect(inside.asking.decide)
    inside.asking.failed.connect(inside.notices.show_failure)
    panel.folder_requested.connect(inside.notices.open_folder)
    panel.place_requested.connect(window.show_object)


def _wire_managing(window: Shell, inside: Inside) -> None:
    managing, tell = inside.managing, inside.parts.status.tell
    inside.transfers.ended.connect(managing.take_end)
    inside.parts.inspector.preview_asked.connect(managing.preview)
    managing.told.connect(tell)
    managing.flow.failed.connect(inside.notices.show_failure)
    managing.flow.left_out.connect(inside.notices.show_left_out)
    managing.previews.opened.connect(inside.key_notes.take_opened)
    care = inside.care
    inside.transfers.ended.connect(care.take_end)
    care.told.connect(tell)
    care.failed.connect(inside.notices.show_failure)
    inside.menus.new_bucket_asked.connect(care.buckets.ask)
    care.bucket_made.connect(inside.parts.buckets.refresh)
    care.bucket_made.connect(window.choose_bucket)


def _wire_support(inside: Inside) -> None:
    inside.notices.shown.connect(inside.support.note)
    inside.transfers.ended.connect(inside.support.take_end)
    inside.support.told.connect(inside.parts.status.tell)
    inside.support.failed.connect(inside.notices.show_failure)


def _wire_connections(window: Shell, inside: Inside) -> None:
    flow, buckets, welcome = inside.connect_flow, inside.parts.buckets, inside.welcome
    flow.busy.connect(welcome.set_busy)
    flow.failed.connect(window.show_connect_failure)
    flow.connected.connect(window.show_connection)
    flow.identified.connect(window.follow_place)
    welcome.profile_chosen.connect(flow.use_profile)
    welcome.sandbox_chosen.connect(flow.use_sandbox)
    welcome.later_chosen.connect(window.leave_welcome)
    buckets.add_connection_asked.connect(window.show_welcome)
    buckets.settings_asked.connect(inside.settings_flow.show)
    buckets.add_bucket_asked.connect(inside.menus.add_bucket)
    buckets.connection_opened.connect(flow.identify)
    buckets.connection_reached.connect(window.open_first_bucket)
    buckets.menu_asked.connect(inside.menus.open_for_bucket)
