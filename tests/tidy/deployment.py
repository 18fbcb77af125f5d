"""The kustomize base renders, and the facts that must hold of the rendered pod do. compose.yaml parses and uses the same
programs. Needs kubectl (its kustomize) and python3-yaml."""

import subprocess
import sys

import yaml

import tree

BASE = "deploy/kustomize/base"


def rendered(folder=BASE):
    done = subprocess.run(["kubectl", "kustomize", folder], cwd=tree.ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"kubectl kustomize {folder} failed:\n{done.stderr}")
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def only(documents, kind):
    found = [document for document in documents if document["kind"] == kind]
    if len(found) != 1:
        raise SystemExit(f"{BASE}: {len(found)} objects of kind {kind}, expected one")
    return found[0]


def pod_of(documents):
    return only(documents, "StatefulSet")["spec"]["template"]["spec"]


def mounted(container, name):
    return any(mount["name"] == name for mount in container.get("volumeMounts", []))


def container_findings(container):
    name, context = container["name"], container.get("securityContext", {})
    facts = {
        "has a read-only file system": context.get("readOnlyRootFilesystem") is True,
        "gains no privileges": context.get("allowPrivilegeEscalation") is False,
        "drops all capabilities": context.get("capabilities", {}).get("drop") == ["ALL"],
        "has a readiness probe": "readinessProbe" in container,
        "has a liveness probe": "livenessProbe" in container,
        "has a memory limit": "memory" in container.get("resources", {}).get("limits", {}),
        "shares the inbox's socket": mounted(container, "inbox"),
        "reads the settings": mounted(container, "settings"),
    }
    return [f"container {name}: must hold, and does not: {fact}" for fact, holds in facts.items() if not holds]


def pod_findings(pod):
    findings = []
    names = [container["name"] for container in pod["containers"]]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    containers = {container["name"]: container for container in pod["containers"]}
    facts = {
        "the containers are server and webhook": names == ["server", "webhook"],
        "the inbox is an emptyDir": "emptyDir" in volumes.get("inbox", {}),
        "it does not run as root": pod["securityContext"].get("runAsNonRoot") is True,
        "the ingress hands over before the server stops": "preStop" in containers["server"].get("lifecycle", {}),
        "only the server mounts the database": mounted(containers["server"], "data")
        and not mounted(containers["webhook"], "data"),
        "the ingress is probed at /readyz":
            containers["webhook"].get("readinessProbe", {}).get("httpGet", {}).get("path") == "/readyz",
    }
    findings += [f"pod: must hold, and does not: {fact}" for fact, holds in facts.items() if not holds]
    for container in pod["containers"]:
        findings += container_findings(container)
    return findings


def settings_findings(documents, pod):
    """The generated ConfigMap is the one that the pod mounts, and its addresses are those of the probes and ports."""
    settings_map = only(documents, "ConfigMap")
    names = [volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume]
    settings = yaml.safe_load(settings_map["data"]["settings.yaml"])
    ports = {port["name"]: port["containerPort"] for container in pod["containers"] for port in container["ports"]}
    facts = {
        "the pod mounts the generated settings": names == [settings_map["metadata"]["name"]],
        "the API listens on its port": settings["grpc"]["listen"].endswith(f":{ports['grpc']}"),
        "the ingress listens on its port": settings["webhook"]["listen"].endswith(f":{ports['webhook']}"),
        "the inbox is a Unix socket in the shared folder": settings["inbox"]["listen"].startswith("unix:/run/callbridge/"),
        "the database is on the volume": settings["store"]["sqlite"]["path"].startswith("/var/lib/callbridge/"),
    }
    return [f"settings: must hold, and does not: {fact}" for fact, holds in facts.items() if not holds]


def service_findings(documents):
    """Calls need a server that serves; webhooks only an ingress, which holds them while the server's container restarts."""
    services = {document["metadata"]["name"]: document["spec"] for document in documents if document["kind"] == "Service"}
    ports = {name: [port["name"] for port in spec["ports"]] for name, spec in services.items()}
    facts = {
        "the API and the webhooks have a Service each": ports == {"callbridge": ["grpc"], "callbridge-webhook": ["webhook"]},
        "the webhooks are published while the pod is not ready":
            services.get("callbridge-webhook", {}).get("publishNotReadyAddresses") is True,
        "the API is not": services.get("callbridge", {}).get("publishNotReadyAddresses", False) is False,
    }
    return [f"services: must hold, and does not: {fact}" for fact, holds in facts.items() if not holds]


def patched(documents, component):
    """The documents as a component of kustomize changes them. Debian 12's kubectl does not know components, so its patches, each of
    which replaces one value, are applied here."""
    if (component["apiVersion"], component["kind"]) != ("kustomize.config.k8s.io/v1alpha1", "Component"):
        raise SystemExit("deploy/kustomize/tls is no component of kustomize")
    for patch in component["patches"]:
        document = only(documents, patch["target"]["kind"])
        if document["metadata"]["name"] != patch["target"]["name"]:
            raise SystemExit(f"deploy/kustomize/tls changes {patch['target']}, which is not there")
        for change in yaml.safe_load(patch["patch"]):
            *path, last = change["path"].strip("/").split("/")
            place = document
            for step in path:
                place = place[int(step) if isinstance(place, list) else step]
            if change["op"] != "replace" or last not in place:
                raise SystemExit(f"deploy/kustomize/tls: {change['op']} of {change['path']} is not a replacement of what is there")
            place[last] = change["value"]
    return documents


def tls_findings(documents, component):
    """With the component for TLS, no probe of the server asks it by plain gRPC."""
    server = pod_of(patched(documents, component))["containers"][0]
    return [f"tls: {name} of the server asks by plain gRPC" for name, probe in server.items()
            if name.endswith("Probe") and "grpc" in probe]


def compose_findings():
    compose = yaml.safe_load(tree.read("deploy/compose.yaml"))
    programs = sorted(service["command"][0] for service in compose["services"].values())
    findings = []
    if programs != ["callbridge-server", "callbridge-webhook", "infobip-simulator", "sleep"]:
        findings.append(f"compose.yaml: runs {programs}")
    for name, service in compose["services"].items():
        if service.get("read_only") is not True:
            findings.append(f"compose.yaml: {name} must have a read-only file system")
    for name, service in compose["services"].items():
        # A service that restarts takes its network from those that share it.
        if name != "pod" and service.get("network_mode") != "service:pod":
            findings.append(f"compose.yaml: {name} must share the network of the service pod, which never restarts")
    for port in compose["services"]["pod"]["ports"]:
        if not port.startswith("127.0.0.1:"):
            findings.append(f"compose.yaml: {port} must be published on loopback only")
    return findings


def main():
    documents = rendered()
    pod = pod_of(documents)
    findings = pod_findings(pod) + settings_findings(documents, pod) + service_findings(documents) + compose_findings()
    if only(documents, "StatefulSet")["spec"]["replicas"] != 1:
        findings.append("StatefulSet: SQLite has one owner, so there is one replica")
    findings += tls_findings(rendered(), yaml.safe_load(tree.read("deploy/kustomize/tls/kustomization.yaml")))
    return tree.report(findings, f"deployment: {len(documents)} objects rendered")


if __name__ == "__main__":
    sys.exit(main())
