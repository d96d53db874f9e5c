"""The ways outside that the settings of this machine name."""

from functools import cache

from hotline.notify.channel import Channel
from hotline.notify.console import ConsoleSms
from hotline.notify.sms import HttpSms
from hotline.settings import Settings


@cache
def sms_of(settings: Settings) -> Channel:
    """Return the gateway for text messages; without an address the file of the demo."""
    if settings.sms_url:
        return HttpSms(settings.sms_url, settings.sms_key)
    return ConsoleSms(settings.sms_file)
