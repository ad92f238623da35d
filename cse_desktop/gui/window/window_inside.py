"""Makes everything inside the main window, in the order in which one needs the other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.bucket_list import BucketList
from cse_desktop.gui.browser.column_memory import ColumnMemory
from cse_desktop.gui.browser.drop_card import DropCard
from cse_desktop.gui.browser.drop_target import Dragged
from cse_desktop.gui.browser.inspector import Inspector
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.browser.place_memory import PlaceMemory
from cse_desktop.gui.browser.place_tabs import PlaceTabs, TabBar
from cse_desktop.gui.care.care import Care
from cse_desktop.gui.connections.connect_flow import ConnectFlow
from cse_desktop.gui.connections.connections_flow import ConnectionsFlow
from cse_desktop.gui.connections.sign_in_flow import SignInFlow
from cse_desktop.gui.connections.welcome import Welcome
from cse_desktop.gui.keys.key_flow import KeyFlow
from cse_desktop.gui.keys.key_notes import KeyNotes
from cse_desktop.gui.keys.upload_key import UploadKey
from cse_desktop.gui.managing.managing import Managing
from cse_desktop.gui.notices.notices import Notices
from cse_desktop.gui.notices.support_flow import SupportFlow
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.settings.settings_flow import SettingsFlow
from cse_desktop.gui.transfers.asking_flow import AskingFlow
from cse_desktop.gui.transfers.transfer_flows import TransferFlows
from cse_desktop.gui.transfers.transfer_model import TransferModel
from cse_desktop.gui.transfers.transfer_panel import TransferPanel
from cse_desktop.gui.window.action_bar import ActionBar
from cse_desktop.gui.window.address_bar import AddressBar
from cse_desktop.gui.window.drop_words import card_for
from cse_desktop.gui.window.file_commands import FileCommands
from cse_desktop.gui.window.status_line import StatusLine
from cse_desktop.gui.window.window_layout import Parts, WindowLayout
from cse_desktop.gui.window.window_menus import WindowMenus

SANDBOX_BANNER = (
    "You are in the sandbox. Files and keys here exist only on this computer, until you quit."
)


@dataclass(frozen=True, slots=True)
class Inside:
    """All objects of one main window."""

    actions: Actions
    notices: Notices
    navigator: Navigator
    upload_key: UploadKey
    key_flow: KeyFlow
    connect_flow: ConnectFlow
    sign_in: SignInFlow
    connections: ConnectionsFlow
    flows: TransferFlows
    asking: AskingFlow
    transfers: TransferModel
    parts: Parts
    layout: WindowLayout
    commands: FileCommands
    managing: Managing
    care: Care
    places: PlaceMemory
    tabs: PlaceTabs
    key_notes: KeyNotes
    columns: ColumnMemory
    menus: WindowMenus
    settings_flow: SettingsFlow
    support: SupportFlow
    welcome: Welcome


def make_inside(backstage: Backstage, window: QMainWindow) -> Inside:
    """Everything inside `window`, not connected yet."""
    theme, bridge, sessions = backstage.theme, backstage.bridge, backstage.sessions
    preferences, queue = backstage.preferences, backstage.queue
    actions, notices = Actions(theme, window), Notices(theme, window)
    navigator = Navigator(bridge, sessions, window)
    upload_key = UploadKey(bridge, sessions, preferences, window)
    key_flow = KeyFlow(theme, bridge, sessions, preferences, upload_key, window)
    flows = TransferFlows(
        bridge, sessions, queue, notices.ask_about_plan, notices.ask_about_clashes, window
    )
    transfers = TransferModel(lambda: queue.limit, parent=window)
    sign_in = SignInFlow(theme, bridge, sessions, backstage.person, window)
    parts = _make_parts(backstage, actions, navigator, upload_key, transfers)
    managing = Managing(
        backstage, parts.files, actions, navigator, flows, notices.ask_about_clashes, window
    )
    return Inside(
        actions=actions,
        notices=notices,
        navigator=navigator,
        upload_key=upload_key,
        key_flow=key_flow,
        connect_flow=ConnectFlow(bridge, sessions, preferences, backstage.start_sandbox, window),
        sign_in=sign_in,
        connections=ConnectionsFlow(theme, bridge, sessions, preferences, sign_in, window),
        flows=flows,
        asking=AskingFlow(bridge, sessions, queue, notices.ask_about_late, window),
        transfers=transfers,
        parts=parts,
        layout=WindowLayout(theme, parts, actions, window),
        commands=FileCommands(
            backstage, parts.files, actions, navigator, flows, key_flow, upload_key, window
        ),
        managing=managing,
        places=PlaceMemory(
            theme, preferences, navigator, actions, parts.buckets.pinned, parts.address.path
        ),
        tabs=PlaceTabs(parts.tabs, navigator, actions),
        care=Care(backstage, parts.files, actions, navigator, managing.previews, window),
        key_notes=KeyNotes(
            bridge, sessions, preferences, parts.files.reader, parts.files.model, window
        ),
        columns=ColumnMemory(parts.files.view.columns, preferences, window),
        menus=WindowMenus(backstage, actions, navigator, parts.buckets, notices, window),
        settings_flow=SettingsFlow(theme, sessions, preferences, parts.files.reader, window),
        support=SupportFlow(theme, bridge, preferences, window),
        welcome=Welcome(theme, bridge, sandbox_problem=backstage.sandbox_problem),
    )


def _make_parts(
    backstage: Backstage,
    actions: Actions,
    navigator: Navigator,
    upload_key: UploadKey,
    transfers: TransferModel,
) -> Parts:
    theme, bridge, session_for = backstage.theme, backstage.bridge, backstage.sessions.get

    def check_drop(dragged: Dragged) -> DropCard:
        return card_for(dragged, navigator.here, upload_key.choice, upload_key.state)

    files = ObjectPane(theme, bridge, session_for, check_drop)
    return Parts(
        address=AddressBar(theme, actions, navigator.fill_menu),
        tabs=TabBar(theme),
        buckets=BucketList(theme, bridge, session_for),
        actions=ActionBar(theme, actions),
        banner=Banner(theme, "sandbox", SANDBOX_BANNER),
        files=files,
        inspector=Inspector(theme, files.reader),
        transfers=TransferPanel(theme, transfers, backstage.queue),
        status=StatusLine(theme),
    )
