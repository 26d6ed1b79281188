"""The addresses of the desk.

Does not belong here: views. Each room of a task adds its own here; a view without roles answers nobody.
"""

from __future__ import annotations

from django.urls import path

from desk.administering import views as administering
from desk.approving import building, publication
from desk.approving import views as approving
from desk.editing import reading
from desk.editing import views as editing
from desk.figures import views as figures
from desk.identity import own_account
from desk.identity import views as identity
from desk.overseeing import views as overseeing
from desk.sending import views as sending

urlpatterns = [
    path("", identity.tasks, name="tasks"),
    path("sign-in", identity.sign_in, name="sign_in"),
    path("sign-out", identity.sign_out, name="sign_out"),
    path("second-factor", identity.second_factor, name="second_factor"),
    path("own/password", own_account.change_password, name="change_password"),
    path("own/second-factor", own_account.enter_second_factor, name="enter_second_factor"),
    path("own/typed", own_account.show_typed, name="typed"),
    path("owed", overseeing.list_owed, name="owed"),
    path("owed/<slug:source>", overseeing.show_agency, name="agency"),
    path("owed/<slug:source>/letter", overseeing.show_letter, name="letter"),
    path("owed/<slug:source>/quality", overseeing.show_quality, name="quality"),
    path("owed/<slug:source>/rows", overseeing.show_named_rows, name="named_rows"),
    path("figures", figures.list_datasets, name="figures"),
    path("figures/<slug:dataset>", figures.list_indicators, name="indicators"),
    path("figures/<slug:dataset>/way-back", figures.show_way_back, name="way_back"),
    path("figures/<slug:dataset>/changes", figures.show_changes, name="changes"),
    path("figures/<slug:dataset>/changes/<slug:indicator>", figures.show_changed_indicator, name="changed_indicator"),
    path("figures/<slug:dataset>/<slug:indicator>", figures.list_tables, name="tables"),
    path("figures/<slug:dataset>/<slug:indicator>/<slug:table>", figures.show_table, name="table"),
    path("accounts", administering.list_accounts, name="accounts"),
    path("accounts/<slug:person>/password", administering.give_password, name="give_password"),
    path("accounts/<slug:person>/second-factor", administering.remove_second_factor, name="remove_second_factor"),
    path("accounts/<slug:person>/sessions", administering.end_sessions, name="end_sessions"),
    path("people", administering.list_people, name="people"),
    path("people/new", administering.change_person, name="new_person"),
    path("people/<slug:person>", administering.change_person, name="change_person"),
    path("log", administering.show_log, name="log"),
    path("build", building.build, name="build"),
    path("acts", approving.show_waiting, name="acts"),
    path("acts/certificates", approving.show_certificates, name="certificates"),
    path("acts/prepare", approving.prepare, name="prepare_act"),
    path("acts/<slug:act>/act.json", approving.download, name="act_file"),
    path("acts/<slug:act>/sign", approving.sign, name="sign_act"),
    path("acts/<slug:act>/report/<path:file>", approving.show_report, name="act_report"),
    path("edit", editing.list_texts, name="texts"),
    path("edit/<slug:slot>", editing.edit_text, name="edit_text"),
    path("edit/<slug:slot>/preview", editing.show_preview, name="preview"),
    path("two-pages/<slug:tag>", editing.show_two_pages, name="two_pages"),
    path("checklist", editing.show_checklist, name="checklist"),
    path("checklist/read", editing.read_written, name="read_written"),
    path("sentences/<slug:tag>", reading.list_sentences, name="sentences"),
    path("sentences/<slug:tag>/one", reading.read_sentence, name="sentence"),
    path("sentences/<slug:tag>/file", reading.take_file, name="sentences_file"),
    path("publication", publication.show_publication, name="publication"),
    path("publication/days", publication.save_days, name="save_days"),
    path("publication/write", publication.write_report, name="write_report"),
    path("send", sending.list_owed, name="send"),
    path("send/<slug:source>/template", sending.take_template, name="send_template"),
    path("send/<slug:source>/file", sending.choose_file, name="send_choose"),
    path("send/file/<slug:token>", sending.show_file, name="send_file"),
    path("send/file/<slug:token>/confirm", sending.confirm, name="send_confirm"),
    path("send/file/<slug:token>/marked", sending.take_marked, name="send_marked"),
    path("send/receipt/<slug:submission>", sending.show_receipt, name="send_receipt"),
    path("send/receipt/<slug:submission>/print", sending.print_receipt, name="send_print"),
    path("send/receipt/<slug:submission>/<slug:kind>", sending.take_receipt, name="send_receipt_file"),
]
handler400 = "desk.pages.failures.unreadable"
handler404 = "desk.pages.failures.unknown"
handler500 = "desk.pages.failures.faulty"
