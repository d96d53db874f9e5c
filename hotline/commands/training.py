"""Train the classifier."""

from argparse import Namespace

import classifier
from hotline.cities import reading
from hotline.commands.arguments import Command
from hotline.commands.refusals import Refused
from hotline.jobs import training
from hotline.settings import Settings


def train(settings: Settings) -> dict[str, float]:
    """Train the model of the configured city; return how well it did on texts it had not seen."""
    try:
        return dict(training.train(reading.load(settings.city_folder), settings.model_folder).metrics)
    except classifier.BrokenExamples as broken:
        raise Refused(f"语料不能用于这个城市的分类：{broken}") from broken


def is_trained(settings: Settings) -> bool:
    """Tell whether there are a model and an alarm that this version can use."""
    try:
        classifier.load(settings.model_folder)
        classifier.load_alarm(settings.model_folder)
    except (classifier.ModelRefused, OSError):
        return False
    return True


def _train(options: Namespace, settings: Settings) -> int:
    metrics = train(settings)
    figures = "，".join(f"{name} {value:.3f}" for name, value in metrics.items())
    print(f"模型已存入 {settings.model_folder}：{figures}")
    return 0


COMMANDS = {"train": Command(_train)}
