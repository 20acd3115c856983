# mypy: ignore-errors
"""Ways to run a program that hide it from tools that only watch the usual one.

The payload of each is a program of its own, which writes a file beside itself when it runs.
"""

import ctypes
import mmap
import multiprocessing
import os
import pty
import subprocess
import threading

_EXECVE = {"x86_64": 59, "aarch64": 221}[os.uname().machine]


def subprocess_run(path):
    subprocess.run([path])


def os_system(path):
    os.system(path)


def os_popen(path):
    os.popen(path).close()


def posix_spawn(path):
    os.waitpid(os.posix_spawn(path, [path], {}), 0)


def spawn_by_name(path):
    os.environ["PATH"] = os.path.dirname(path)
    os.spawnlp(os.P_WAIT, os.path.basename(path), path)


def forked(work):
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    os.waitpid(child, 0)


def fork_and_exec(path):
    forked(lambda: os.execv(path, [path]))


def exec_in_a_thread(path):
    thread = threading.Thread(target=lambda: forked(lambda: os.execve(path, [path], {})))
    thread.start()
    thread.join()


def terminal(path):
    pty.spawn([path], lambda fd: b"")


def fork_exec_below_subprocess(path):
    name, (read, write) = path.encode(), os.pipe()
    files = (-1, -1, -1, -1, -1, -1, read, write)
    who = (False, False, -1, None, None, None, -1, None, True)
    pid = subprocess._fork_exec([name], [name], True, (write,), None, None, *files, *who)
    os.waitpid(pid, 0)
    os.close(read)
    os.close(write)


def global_system(path):
    ctypes.CDLL(None).system(path.encode())


def system_of_libc(path):
    ctypes.CDLL("libc.so.6").system(path.encode())


def _vector(*words):
    return (ctypes.c_char_p * (len(words) + 1))(*words, None)


def execve_of_libc(path):
    libc, name = ctypes.CDLL("libc.so.6"), path.encode()
    environ = _vector(*(f"{k}={v}".encode() for k, v in os.environ.items()))
    forked(lambda: libc.execve(name, _vector(name), environ))


def global_syscall(path):
    libc, name = ctypes.CDLL(None), path.encode()
    forked(lambda: libc.syscall(_EXECVE, name, _vector(name), _vector()))


def syscall_of_libc(path):
    libc, name = ctypes.CDLL("libc.so.6"), path.encode()
    forked(lambda: libc.syscall(_EXECVE, name, _vector(name), _vector()))


def file_in_memory(path):
    fd = os.memfd_create("nothing", 0)
    with open(path, "rb") as program:
        os.write(fd, program.read())
    forked(lambda: os.execve(fd, [path], {}))


def machine_code(path):
    """vfork and execve as machine code: no function of libc is called."""
    name = path.encode()
    code = bytes.fromhex(
        "4989f8"  # mov r8, rdi: the name
        "4989f1"  # mov r9, rsi: the arguments
        "b839000000"  # mov eax, 57: fork
        "0f05"  # syscall
        "85c0"  # test eax, eax
        "7401"  # jz +1
        "c3"  # ret: the parent, with the child's number
        "4c89c7"  # mov rdi, r8
        "4c89ce"  # mov rsi, r9
        "31d2"  # xor edx, edx: no environment
        "b83b000000"  # mov eax, 59: execve
        "0f05"  # syscall
    )
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(address)
    vector = _vector(name)
    os.waitpid(call(name, ctypes.addressof(vector)), 0)


def multiprocessing_spawn(path):
    # Lambda has no /dev/shm: a plain process, no queue.
    process = multiprocessing.get_context("spawn").Process(target=os.system, args=(path,))
    process.start()
    process.join()


ALL = (
    syscall_of_libc,
    subprocess_run,
    os_system,
    os_popen,
    posix_spawn,
    spawn_by_name,
    fork_and_exec,
    exec_in_a_thread,
    terminal,
    fork_exec_below_subprocess,
    global_system,
    execve_of_libc,
    system_of_libc,
    global_syscall,
    file_in_memory,
    machine_code,
    multiprocessing_spawn,
)


def handler(event, _):
    """Run one of them; the answer is what Python says of it."""
    try:
        {one.__name__: one for one in ALL}[event["way"]](event["path"])
    except OSError as error:
        return {"error": error.errno}
    return {}
