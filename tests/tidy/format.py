"""Every C++ and Protobuf file of ours stands as clang-format would write it (.clang-format), comments included; ./dev format rewrites
what does not."""

import subprocess
import sys

import tree


def main():
    paths = tree.files(".cc", ".h", ".proto")
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=tree.ROOT, capture_output=True, text=True)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line})
    if done.returncode != 0 and not wrong:
        print(done.stderr)
        return 1
    return tree.report([f"{path}: is not formatted; run ./dev format" for path in wrong], f"format of {len(paths)} files")


if __name__ == "__main__":
    sys.exit(main())
