"""./dev and deploy/Dockerfile build with the same packages; a package added to one of them is missing in the other."""

import re
import sys

import tree

# Convenience on a developer's machine, without use in an image.
DEVELOPERS_ONLY = {"ccache", "curl"}


def of_dev(text):
    listed = re.search(r"^build_packages=\(([^)]*)\)", text, re.M).group(1).split()
    return [entry.split("/")[0] for entry in listed]


def of_dockerfile(text):
    listed = re.search(r"apt-get install -y --no-install-recommends \\\n(.*?)&&", text, re.S).group(1)
    return [word for word in listed.split() if word != "\\"]


def differences(dev, dockerfile):
    findings = [f"deploy/Dockerfile lacks {name}, which ./dev installs" for name in sorted(set(dev) - set(dockerfile))]
    return findings + [f"./dev lacks {name}, which deploy/Dockerfile installs" for name in sorted(set(dockerfile) - set(dev))]


def main():
    dev = [name for name in of_dev(tree.read("dev")) if name not in DEVELOPERS_ONLY]
    return tree.report(differences(dev, of_dockerfile(tree.read("deploy/Dockerfile"))), f"packages: {len(dev)} compared")


if __name__ == "__main__":
    sys.exit(main())
