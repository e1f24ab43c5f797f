"""The style sheet, generated from the tokens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

IMAGES = Path(__file__).parent.parent / "resources" / "icons"

_SURFACES = """
* {{ outline: 0; }}
QMainWindow, QWidget#root {{ background: {bg}; }}
QWidget#rail {{ background: {sunken}; border-right: 1px solid {border}; }}
QWidget#facets, QWidget#preview {{ background: {bg}; }}
QWidget#center {{ background: {surface}; border-left: 1px solid {border};
  border-right: 1px solid {border}; }}
QWidget#page_find, QWidget#page_attention, QWidget#page_copies, QWidget#page_library,
QWidget#page_settings, QWidget#page_welcome {{ background: {bg}; }}
QWidget#statusline {{ background: {sunken}; border-top: 1px solid {border}; }}
QWidget#banner {{ background: {info_bg}; border-bottom: 1px solid {border}; }}
QFrame[kind="card"] {{ background: {surface}; border: 1px solid {border}; border-radius: 10px; }}
QFrame[kind="line"] {{ background: {border}; border: 0; max-height: 1px; min-height: 1px; }}
QDialog {{ background: {surface}; }}
QFrame#toast {{ background: {inverse_bg}; border: 1px solid {inverse_bg}; border-radius: 8px; }}
QFrame#toast QLabel {{ color: {inverse_text}; }}
QFrame#toast QToolButton:hover {{ background: {text3}; }}
QFrame#toast QToolButton:focus {{ border: 2px solid {inverse_accent}; }}
QToolTip {{ background: {inverse_bg}; color: {inverse_text}; border: 1px solid {inverse_bg};
  padding: 4px 6px; }}
"""
_BUTTONS = """
QToolButton {{ border: 2px solid transparent; border-radius: 6px; padding: 4px; color: {text2};
  background: transparent; }}
QToolButton:hover {{ background: {hover}; color: {text}; }}
QToolButton:checked {{ background: {selected}; color: {accent}; }}
QToolButton:focus {{ border: 2px solid {focus}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton {{ background: {raised}; border: 1px solid {border_strong}; border-radius: 6px;
  padding: 0 14px; min-height: 30px; color: {text}; font-weight: 500; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {neutral_bg}; }}
QPushButton:disabled {{ color: {disabled}; border-color: {border}; }}
QPushButton:focus {{ border: 2px solid {focus}; padding: 0 13px; min-height: 28px; }}
QPushButton[kind="primary"] {{ background: {accent}; border-color: {accent}; color: {on_accent};
  font-weight: 600; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{
  background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[kind="primary"]:disabled {{ background: {neutral_bg}; border-color: {border};
  color: {disabled}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[kind="ghost"] {{ background: transparent; border-color: transparent;
  color: {accent}; padding: 0 8px; }}
QPushButton[kind="ghost"]:hover {{ background: {hover}; }}
QPushButton[kind="ghost"]:focus {{ border: 2px solid {focus}; padding: 0 7px; }}
QPushButton[kind="ghost"]:disabled {{ color: {disabled}; }}
QPushButton[kind="danger"] {{ color: {bad}; border-color: {bad}; }}
QPushButton[kind="danger"]:hover {{ background: {bad_bg}; }}
QPushButton[kind="danger"]:focus {{ border: 2px solid {bad}; }}
QPushButton[kind="chip"] {{ min-height: 22px; border-radius: 12px; padding: 0 10px;
  font-size: 12px; border: 1px solid {border}; background: {info_bg}; color: {info}; }}
QPushButton[kind="chip"]:hover {{ border-color: {accent}; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {focus}; padding: 0 9px; min-height: 20px; }}
QPushButton[kind="mini"] {{ background: transparent; border: 1px solid transparent;
  border-radius: 4px; min-height: 18px; padding: 0 6px; font-size: 12px; color: {accent}; }}
QPushButton[kind="mini"]:hover {{ background: {hover}; }}
QPushButton[kind="mini"]:focus {{ border: 2px solid {focus}; padding: 0 5px; min-height: 16px; }}
QPushButton[kind="toast"] {{ background: transparent; border: 1px solid transparent;
  color: {inverse_accent}; font-weight: 600; padding: 0 10px; min-height: 26px; }}
QPushButton[kind="toast"]:hover {{ border-color: {inverse_accent}; }}
QPushButton[kind="toast"]:focus {{ border: 2px solid {inverse_accent}; padding: 0 9px;
  min-height: 24px; }}
QPushButton[kind="choice"] {{ background: {surface}; border: 1px solid {border};
  border-radius: 10px; padding: 0; text-align: left; }}
QPushButton[kind="choice"]:hover {{ border-color: {accent}; background: {surface}; }}
QPushButton[kind="choice"]:checked {{ border: 2px solid {accent}; background: {selected}; }}
QPushButton[kind="choice"]:focus {{ border: 2px solid {focus}; }}
"""
_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {{ background: {surface};
  border: 1px solid {border_strong}; border-radius: 6px; padding: 0 8px; color: {text};
  selection-background-color: {accent}; selection-color: {on_accent}; }}
QAbstractSpinBox {{ padding: 0 0 0 6px; min-height: 30px; }}
QLineEdit {{ min-height: 30px; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ border: 0; padding: 0 8px;
  min-height: 0; background: transparent; }}
QPlainTextEdit, QTextEdit {{ padding: 4px 6px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus {{
  border: 2px solid {focus}; }}
QLineEdit:focus {{ padding: 0 7px; min-height: 28px; }}
QAbstractSpinBox:focus {{ padding: 0 0 0 5px; min-height: 28px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 3px 5px; }}
QLineEdit:disabled, QAbstractSpinBox:disabled {{ color: {disabled}; border-color: {border}; }}
QLineEdit#search {{ border-radius: 8px; font-size: 15px; min-height: 38px; padding: 0 10px; }}
QLineEdit#search:focus {{ min-height: 36px; padding: 0 9px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: 0;
  width: 20px; background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url({images}/qss-up-{scheme}.svg);
  width: 12px; height: 12px; }}
QAbstractSpinBox::down-arrow, QDateEdit::down-arrow {{
  image: url({images}/qss-down-{scheme}.svg); width: 12px; height: 12px; }}
QDateEdit::drop-down {{ border: 0; width: 22px; }}
QComboBox {{ background: {raised}; border: 1px solid {border_strong}; border-radius: 6px;
  padding: 0 10px; min-height: 30px; color: {text}; }}
QComboBox:hover {{ background: {hover}; }}
QComboBox:focus {{ border: 2px solid {focus}; padding: 0 9px; min-height: 28px; }}
QComboBox:disabled {{ color: {disabled}; border-color: {border}; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: url({images}/qss-down-{scheme}.svg); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {border};
  color: {text}; padding: 4px; selection-background-color: {selected};
  selection-color: {text}; }}
QCheckBox, QRadioButton {{ spacing: 8px; color: {text}; min-height: 26px; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {disabled}; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border-radius: 4px;
  border: 1px solid {border_strong}; background: {surface}; }}
QCheckBox::indicator:hover {{ border-color: {accent}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent};
  image: url({images}/qss-check-{scheme}.svg); }}
QCheckBox:focus, QRadioButton:focus {{ color: {accent}; }}
QCheckBox::indicator:focus {{ border: 2px solid {focus}; width: 13px; height: 13px; }}
QRadioButton::indicator {{ width: 15px; height: 15px; border-radius: 8px;
  border: 1px solid {border_strong}; background: {surface}; }}
QRadioButton::indicator:checked {{ border: 5px solid {accent}; width: 7px; height: 7px;
  background: {on_accent}; }}
QRadioButton::indicator:focus {{ border-color: {focus}; }}
"""
_LISTS = """
QListView, QTableView, QTreeView {{ background: {surface}; border: 0; color: {text};
  alternate-background-color: {bg}; selection-background-color: {selected};
  selection-color: {text}; gridline-color: {border}; }}
QListView#facet_list, QListView#offers {{ background: transparent; }}
QFrame#popup {{ background: {raised}; border: 1px solid {border}; border-radius: 8px; }}
QTableView {{ border: 1px solid {border}; border-radius: 8px; }}
QTableView[kind="flush"] {{ border-radius: 0; border-left: 0; border-right: 0; }}
QTableView:focus, QTreeView:focus, QTableView[kind="flush"]:focus {{ border: 2px solid {focus}; }}
QTableView::item, QTreeView::item {{ padding: 0 8px; border: 0;
  border-bottom: 1px solid {border}; }}
QTableView::item:hover {{ background: {hover}; }}
QTableView::item:selected {{ background: {selected}; color: {text}; }}
QHeaderView {{ background: transparent; border: 0; }}
QHeaderView::section:first {{ border-top-left-radius: 7px; }}
QHeaderView::section:last {{ border-top-right-radius: 7px; }}
QHeaderView::section:only-one {{ border-top-left-radius: 7px; border-top-right-radius: 7px; }}
QHeaderView::section {{ background: {surface}; color: {text2}; border: 0;
  border-bottom: 1px solid {border}; padding: 7px 12px; font-size: 12px; font-weight: 500; }}
QHeaderView::down-arrow, QHeaderView::up-arrow {{ width: 12px; height: 12px;
  subcontrol-origin: padding; subcontrol-position: center right; right: 6px; }}
QHeaderView::up-arrow {{ image: url({images}/qss-up-{scheme}.svg); }}
QHeaderView::down-arrow {{ image: url({images}/qss-down-{scheme}.svg); }}
QTableCornerButton::section {{ background: {surface}; border: 0; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle {{ background: {scroll}; border-radius: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {border_strong}; }}
QScrollBar::handle:pressed {{ background: {text3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {border}; border: 0; border-radius: 2px; max-height: 4px;
  min-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QMenu {{ background: {raised}; border: 1px solid {border}; padding: 4px; color: {text}; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selected}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 8px; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {border}; }}
QTabBar {{ background: transparent; border: 0; }}
QTabBar::tab {{ padding: 8px 12px; color: {text2}; background: transparent; border: 0;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; font-weight: 600; }}
QTabBar::tab:focus {{ color: {accent}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {border}; }}
"""
_LABELS = """
QLabel {{ color: {text}; background: transparent; }}
QLabel[kind="dim"] {{ color: {text2}; }}
QLabel[kind="cap"] {{ color: {text3}; font-size: 12px; }}
QLabel[kind="title"] {{ font-size: 14px; font-weight: 600; }}
QLabel[kind="h2"] {{ font-size: 18px; font-weight: 600; }}
QLabel[kind="h1"] {{ font-size: 24px; font-weight: 600; }}
QLabel[kind="strong"] {{ font-weight: 600; }}
QLabel[kind="status"] {{ color: {text2}; font-size: 12px; }}
QLabel[kind="statuscap"] {{ color: {text3}; font-size: 12px; }}
QLabel[kind="bad"] {{ color: {bad}; }}
QLabel[kind="key"] {{ background: {neutral_bg}; color: {text}; border: 1px solid {border};
  border-radius: 4px; padding: 1px 6px; font-size: 12px; font-weight: 500; }}
"""


def stylesheet(color: Callable[[str], str], *, dark: bool) -> str:
    """The whole style sheet; ``color`` gives a token as #RRGGBB."""
    return (_SURFACES + _BUTTONS + _FIELDS + _LISTS + _LABELS).format_map(_Tokens(color, dark=dark))


class _Tokens(dict[str, str]):
    def __init__(self, color: Callable[[str], str], *, dark: bool) -> None:
        super().__init__(images=IMAGES.as_posix(), scheme="dark" if dark else "light")
        self._color = color

    def __missing__(self, name: str) -> str:
        return self._color(name)
