"""Why a command could not be carried out, in one line that says what to do."""

from sqlalchemy.exc import OperationalError, ProgrammingError

from hotline import faults, labels
from hotline.errors import (
    BrokenCity,
    BrokenSettings,
    HotlineError,
    InvalidInput,
    NoSuchCity,
    NotAllowed,
    NotFound,
)
from hotline.settings import shipped_cities


class Refused(HotlineError):
    """The command cannot be done as it was asked; the message is for people."""


EXPECTED = (HotlineError, OperationalError, ProgrammingError, OSError)


def words(error: Exception) -> str:
    """Return the line for one of `EXPECTED`."""
    if isinstance(error, BrokenSettings):
        problems = (f"{name}：{labels.setting_problem(code)}" for name, code in error.problems.items())
        return f"环境变量有误：{'；'.join(problems)}"
    if isinstance(error, NoSuchCity):
        return (
            f"城市档案有误：没有 {error.folder} 这个文件夹。"
            f"请写 hotline/cities 下的名字（{'、'.join(shipped_cities())}），或一个文件夹的路径"
        )
    if isinstance(error, BrokenCity):
        return f"城市档案有误：{faults.of_city(error)}"
    if isinstance(error, InvalidInput):
        return " ".join(f"{field}：{labels.problem(code)}" for field, code in error.fields.items())
    if isinstance(error, NotAllowed):
        return labels.refusal(error.reason)
    if isinstance(error, NotFound):
        return f"没有找到：{error.key}"
    if isinstance(error, ProgrammingError) or "no such table" in str(error):
        return "数据库里还没有表。请先运行 ./run hotline migrate"
    if isinstance(error, OperationalError):
        return _database_words(error)
    if isinstance(error, OSError):
        reason = faults.SYSTEM.get(error.errno or 0) or error.strerror or str(error)
        return f"{reason}：{error.filename}" if error.filename else reason
    return str(error)


def _database_words(error: OperationalError) -> str:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else ""
    if "database is locked" in reason:
        return "数据库正忙，请稍后再试"
    if "connection" in reason or "unable to open" in reason:
        return "连不上数据库。请检查 HOTLINE_DATABASE_URL，确认数据库正在运行"
    return f"数据库拒绝了：{reason}"
