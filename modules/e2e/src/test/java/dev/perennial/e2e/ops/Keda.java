package dev.perennial.e2e.ops;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What we use of KEDA's custom resources (keda.sh/v1alpha1), with its names, types and needs. */
final class Keda {
  private static final Map<String, Set<String>> PARAMETERS =
      Map.of(
          "kafka",
              Set.of(
                  "bootstrapServers",
                  "consumerGroup",
                  "topic",
                  "lagThreshold",
                  "offsetResetPolicy",
                  "tls",
                  "sasl"),
          "prometheus", Set.of("serverAddress", "query", "threshold", "ignoreNullValues"));
  private static final Map<String, Set<String>> NEEDED =
      Map.of(
          "kafka", Set.of("bootstrapServers", "consumerGroup", "topic", "lagThreshold"),
          "prometheus", Set.of("serverAddress", "query", "threshold"));

  private Keda() {}

  record Metadata(String name, @Nullable String namespace, @Nullable Map<String, String> labels) {}

  record ScaledObject(String apiVersion, String kind, Metadata metadata, ScaledObjectSpec spec) {}

  record ScaledObjectSpec(
      ScaleTarget scaleTargetRef,
      int pollingInterval,
      int minReplicaCount,
      int maxReplicaCount,
      Fallback fallback,
      Advanced advanced,
      List<Trigger> triggers) {
    ScaledObjectSpec {
      Objects.requireNonNull(scaleTargetRef, "scaleTargetRef");
      if (triggers.isEmpty() || minReplicaCount < 0 || minReplicaCount > maxReplicaCount) {
        throw new IllegalArgumentException("triggers, minReplicaCount, maxReplicaCount");
      }
    }
  }

  record ScaleTarget(String name) {}

  record Fallback(int failureThreshold, int replicas, String behavior) {
    Fallback {
      if (failureThreshold < 1
          || !Set.of(
                  "static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower")
              .contains(behavior)) {
        throw new IllegalArgumentException("fallback");
      }
    }
  }

  record Advanced(HpaConfig horizontalPodAutoscalerConfig) {}

  record HpaConfig(JsonNode behavior) {}

  /** Its parameters are texts, numbers too. */
  record Trigger(
      String type,
      String name,
      Map<String, Object> metadata,
      @Nullable AuthenticationRef authenticationRef) {
    Trigger {
      if (!PARAMETERS.getOrDefault(type, Set.of()).containsAll(metadata.keySet())
          || !metadata.keySet().containsAll(NEEDED.getOrDefault(type, Set.of("")))
          || !metadata.values().stream().allMatch(String.class::isInstance)) {
        throw new IllegalArgumentException("trigger " + name + ": " + metadata);
      }
    }
  }

  /** A trigger's parameter; empty where it has none. */
  static String parameter(Trigger trigger, String name) {
    return trigger.metadata().getOrDefault(name, "").toString();
  }

  record AuthenticationRef(String name) {}

  record TriggerAuthentication(
      String apiVersion, String kind, Metadata metadata, AuthenticationSpec spec) {}

  record AuthenticationSpec(List<SecretTarget> secretTargetRef) {}

  record SecretTarget(String parameter, String name, String key) {
    SecretTarget {
      Objects.requireNonNull(parameter, "parameter");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(key, "key");
    }
  }
}
