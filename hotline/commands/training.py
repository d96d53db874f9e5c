"""Teach the classifier: the delivered model by the corpus, a new version by what people decided."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

import classifier
from hotline import labels, runtime
from hotline.cities import reading
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.jobs import teaching, training
from hotline.models.version import Cause, Training
from hotline.settings import Settings
from hotline.tickets import trainings, versions
from hotline.work import SYSTEM, Work


def train(settings: Settings) -> dict[str, float]:
    """Teach the delivered model of the configured city; return how well it did on texts it had not seen."""
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


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--delivered", action="store_true", help="只用随产品发布的语料重新训练起步模型，不用工单，不用数据库"
    )


def _train(options: Namespace, settings: Settings) -> int:
    if options.delivered or not is_trained(settings):
        figures = "，".join(f"{name} {value:.3f}" for name, value in train(settings).items())
        print(f"起步模型已存入 {settings.model_folder}：{figures}")
    if options.delivered:
        return 0
    start_with_city(settings, with_model=True)
    with runtime.work(SYSTEM) as work:
        asked = trainings.enter(work, Cause.PERSON)
    teaching.teach(asked.id, tell=_tell)
    print(file=sys.stderr)
    with runtime.view(SYSTEM) as work:
        for words in _told(work, work.session.get_one(Training, asked.id)):
            print(words)
    return 0


def _told(work: Work, ended: Training) -> Iterator[str]:
    if ended.version is None:
        yield f"没有训练出新模型：{labels.problem(ended.refusal or '')}"
        return
    made = versions.version(work, ended.version)
    trial = made.trial
    yield (
        f"新模型 {made.version}：学了 {made.taught['taught']} 张工单；留出的 {trial['cases']} 张里"
        f"它判对 {trial['candidate']} 张，现用模型判对 {trial['current']} 张"
    )
    if made.refusal:
        yield f"不能启用：{labels.problem(made.refusal)}"
    else:
        yield "已开始旁听新工单；旁听期满后，管理员可在“模型”页启用"


def _tell(done: int, of: int) -> None:
    print(f"\r训练 {done}/{of}", end="", file=sys.stderr, flush=True)


COMMANDS = {"train": Command(_train, _configure)}
