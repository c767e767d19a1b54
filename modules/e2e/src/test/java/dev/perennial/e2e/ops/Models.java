package dev.perennial.e2e.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscalerBehavior;
import java.util.Map;

/**
 * Reads objects as Kubernetes would where validation is strict: a field that is unknown, misses or
 * has the wrong type is an error. The models are those of the official client and of fabric8; KEDA,
 * for which there are none, has records of ours.
 */
final class Models {
  private static final Map<String, Class<?>> OFFICIAL =
      Map.of(
          "v1 ConfigMap", V1ConfigMap.class,
          "v1 Service", V1Service.class,
          "v1 ServiceAccount", V1ServiceAccount.class,
          "apps/v1 Deployment", V1Deployment.class,
          "batch/v1 Job", V1Job.class,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
          "networking.k8s.io/v1 Ingress", V1Ingress.class);
  private static final Map<String, Class<?>> OTHERS =
      Map.of(
          "gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class,
          "monitoring.coreos.com/v1 PodMonitor", PodMonitor.class,
          "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class,
          "keda.sh/v1alpha1 ScaledObject", Keda.ScaledObject.class,
          "keda.sh/v1alpha1 TriggerAuthentication", Keda.TriggerAuthentication.class);

  /** Fabric8's models take unknown fields in a map; without it they are errors. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private Models() {}

  /**
   * @throws IllegalArgumentException where it is not what it says it is
   */
  static Object read(JsonObject object) {
    String type = Tree.string(object, "apiVersion") + " " + Tree.string(object, "kind");
    try {
      Class<?> official = OFFICIAL.get(type);
      if (official != null) {
        return JSON.getGson().fromJson(object, official);
      }
      Class<?> other = OTHERS.get(type);
      if (other != null) {
        Object read = STRICT.readValue(object.toString(), other);
        if (read instanceof Keda.ScaledObject scaled) {
          behavior(scaled);
        }
        return read;
      }
    } catch (RuntimeException | JsonProcessingException e) {
      throw new IllegalArgumentException(
          type + " " + Tree.string(object, "metadata/name") + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("no model for " + type);
  }

  /** Kubernetes's own part of a ScaledObject. */
  private static void behavior(Keda.ScaledObject scaled) {
    var behavior = scaled.spec().advanced().horizontalPodAutoscalerConfig().behavior();
    var _ = JSON.getGson().fromJson(behavior.toString(), V2HorizontalPodAutoscalerBehavior.class);
  }
}
