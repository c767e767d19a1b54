#!/usr/bin/env bash
# Copies the rules and the dashboard to where Kubernetes gets them: the PrometheusRule and the ConfigMap of ops/kustomize, and the chart.
# AlertRulesTest and ManifestsTest hold them to it.
set -euo pipefail
cd "$(dirname "$0")"
ops=../../../ops
mkdir -p $ops/helm/perennial/rules $ops/helm/perennial/dashboards
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
cp ../grafana/dashboards/perennial.json $ops/helm/perennial/dashboards/perennial.json
{
  cat <<'HEAD'
# Made by docker/compose/prometheus/copy.sh from docker/compose/grafana. Grafana's sidecar looks for the label grafana_dashboard.
apiVersion: v1
kind: ConfigMap
metadata:
  name: perennial-dashboard
  labels:
    app.kubernetes.io/name: perennial
    grafana_dashboard: "1"
data:
  perennial.json: |
HEAD
  sed 's/^\(.\)/    \1/' ../grafana/dashboards/perennial.json
} > $ops/kustomize/components/monitoring/dashboard.yaml
