"""撤回派单: take a dispatch back while its department has not been told."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Action
from hotline.tickets import recalling, worklists
from hotline.web.access import local_path, may
from hotline.web.dispatcher.blueprint import pages


@pages.post("/<number>/recall")
@may(Action.RECALL)
def recall(number: str) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        recalling.recall(work, worklists.ticket_for(work, number))
    flash(f"{number} 已撤回，回到待派单；承办单位没有收到通知", "met")
    return redirect(local_path(request.form.get("back")) or url_for(".case", number=number), 303)
