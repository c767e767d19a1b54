{{/* Every label that names an object of the release; with a role or "topics", those of its pods. */}}
{{- define "perennial.labels" -}}
app.kubernetes.io/name: perennial
{{- end }}
{{- define "perennial.podLabels" -}}
app.kubernetes.io/name: perennial
app.kubernetes.io/component: {{ . }}
{{- end }}

{{- define "perennial.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* perennial.yaml: what the operator wrote, with the places of mounted files under it. */}}
{{- define "perennial.config" -}}
{{- $places := dict
  "admin" (dict "host" "0.0.0.0")
  "keys" (dict "file" "/etc/perennial/keys/keys.json")
  "integrations" (dict "directory" "/etc/perennial/integrations")
  "secrets" (dict "file" "/etc/perennial/variables/secrets.env")
  "log" (dict "format" "json") }}
{{- if .Values.secrets.apiKeys }}
{{- $_ := set $places.admin "api-keys" "/etc/perennial/api-keys/api-keys.json" }}
{{- end }}
{{- if .Values.secrets.kafka }}
{{- $_ := set $places "kafka" (dict "properties" (dict "ssl.truststore.type" "PEM" "ssl.truststore.location" "/etc/perennial/kafka/ca.crt")) }}
{{- end }}
{{- dict "perennial" (mergeOverwrite $places (deepCopy .Values.config)) | toYaml }}
{{- end }}

{{- define "perennial.integrations" -}}
{{- if .Values.integrations }}
{{- range $name, $definition := .Values.integrations }}
{{ $name }}.json: {{ $definition | quote }}
{{- end }}
{{- else }}
{{- (.Files.Glob "integrations/*.json").AsConfig }}
{{- end }}
{{- end }}

{{- define "perennial.host" -}}
{{ (urlParse .Values.config.public.url).hostname }}
{{- end }}

{{- define "perennial.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "perennial.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{- define "perennial.kafkaLogin" -}}
- name: PERENNIAL_KAFKA_PROPERTIES_SASL_JAAS_CONFIG
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.kafka }}
      key: sasl.jaas.config
{{- end }}

{{- define "perennial.kafkaVolume" -}}
- name: kafka
  secret:
    secretName: {{ .Values.secrets.kafka }}
    defaultMode: 0440
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}

{{- define "perennial.scaled" -}}
pollingInterval: 15
minReplicaCount: {{ .min }}
maxReplicaCount: {{ .max }}
fallback:
  failureThreshold: 4
  replicas: {{ .fallback }}
  behavior: currentReplicasIfHigher
advanced:
  horizontalPodAutoscalerConfig:
    behavior:
      scaleUp:
        stabilizationWindowSeconds: 30
        policies:
          - type: Percent
            value: 100
            periodSeconds: 60
      scaleDown:
        stabilizationWindowSeconds: 600
        policies:
          - type: Pods
            value: 1
            periodSeconds: 120
{{- end }}
