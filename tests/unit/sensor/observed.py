# mypy: ignore-errors
"""One thing for each category, and the ways around them that ordinary code has."""

import os
import socket
import subprocess


def environment_of_process(_):
    return len(open("/proc/self/environ").read())


def through_a_link(folder):
    os.symlink("/proc/self/environ", f"{folder}/innocent")
    return len(open(f"{folder}/innocent").read())


def through_the_folder(_):
    os.chdir("/proc/self")
    try:
        return len(open("environ").read())
    finally:
        os.chdir("/")


def upwards(_):
    root = os.environ["LAMBDA_TASK_ROOT"]
    return len(open(f"{root}/../../../../../../../../etc/passwd").read())


def own_source(_):
    return len(open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "app.py")).read())


def credentials(folder):
    os.makedirs(f"{folder}/.aws", exist_ok=True)
    with open(f"{folder}/.aws/credentials", "w") as file:
        file.write("[default]")
    return open(f"{folder}/.aws/credentials").read()


def scratch(folder):
    with open(f"{folder}/scratch", "w") as file:
        file.write("x")
    return open(f"{folder}/scratch").read()


def write(path):
    with open(path, "w") as file:
        file.write("new")


def pages_of_the_sensor(_):
    found = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd") if int(fd) >= 700]
    page = next(one for one in found if "warden" in os.readlink(one))
    return len(open(page, "r+b").read())


def connect(address):
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=2) as one:
        one.sendall(b"ping")
        return one.recv(100).decode()


def look_up(name):
    try:
        socket.getaddrinfo(name, 443)
    except socket.gaierror as error:
        raise OSError(1 if error.errno == socket.EAI_SYSTEM else 0, str(error)) from None


def datagram(address):
    host, port = address.rsplit(":", 1)
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (host, int(port)))


def arguments(_):
    token = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    subprocess.run(["/bin/echo", "--password=hunter2", token, "word"])


def loosen(path):
    for name in list(os.environ):
        if name.startswith(("WARDEN_", "LD_")):
            del os.environ[name]
    subprocess.run([path], env={})


def inherit(paths):
    allowed, forbidden = paths
    subprocess.run([allowed, forbidden], env={}, check=True)


def loop(_):
    return None


def handler(event, _):
    try:
        return {"value": globals()[event["do"]](event.get("with"))}
    except OSError as error:
        return {"error": error.errno}
