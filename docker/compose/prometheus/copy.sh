#!/usr/bin/env bash
# Copies the rules to where Kubernetes gets them: the PrometheusRule of ops/kustomize and the chart. AlertRulesTest holds them to it.
set -euo pipefail
cd "$(dirname "$0")"
ops=../../../ops
mkdir -p $ops/helm/perennial/rules
cp rules/perennial.yml $ops/helm/perennial/rules/perennial.yml
{
  cat <<'HEAD'
# Made by docker/compose/prometheus/copy.sh from the rules beside it.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: perennial
  labels:
    app.kubernetes.io/name: perennial
spec:
HEAD
  grep -v '^#' rules/perennial.yml | sed 's/^\(.\)/  \1/'
} > $ops/kustomize/components/monitoring/rules.yaml
