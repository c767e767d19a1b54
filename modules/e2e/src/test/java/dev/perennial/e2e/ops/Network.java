package dev.perennial.e2e.ops;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.perennial.e2e.ops.Cluster.Pods;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the network policies of a rendering let through: any policy may allow, none means nothing.
 */
final class Network {
  private final Cluster cluster;

  Network(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Somebody on the other side.
   *
   * @param address outside of the cluster; null = a pod
   */
  record Other(String namespace, Map<String, String> labels, @Nullable InetAddress address) {
    static Other pod(String namespace, Map<String, String> labels) {
      return new Other(namespace, labels, null);
    }

    static Other outside(String address) {
      return new Other("", Map.of(), InetAddress.ofLiteral(address));
    }
  }

  /** Whether the pods may begin a TCP connection to that port of the other. */
  boolean out(Pods from, Other to, int port) {
    return cluster.all("NetworkPolicy").stream()
        .filter(it -> covers(it, from, "Egress"))
        .flatMap(it -> Tree.list(it, "spec/egress").stream())
        .anyMatch(rule -> allows(rule, "to", to) && port(rule, port, from));
  }

  /** Whether the other may begin a TCP connection to that port of the pods. */
  boolean in(Pods to, Other from, int port) {
    return cluster.all("NetworkPolicy").stream()
        .filter(it -> covers(it, to, "Ingress"))
        .flatMap(it -> Tree.list(it, "spec/ingress").stream())
        .anyMatch(rule -> allows(rule, "from", from) && port(rule, port, to));
  }

  /** Whether any policy is about that direction at all: without one, everything is open. */
  boolean isClosed(Pods pods, String direction) {
    return cluster.all("NetworkPolicy").stream().anyMatch(it -> covers(it, pods, direction));
  }

  private static boolean covers(JsonObject policy, Pods pods, String direction) {
    return Cluster.selects(Tree.at(policy, "spec/podSelector"), pods.labels())
        && Tree.strings(policy, "spec/policyTypes").contains(direction);
  }

  /** No ports, all ports; a name is the pod's own. */
  private static boolean port(JsonElement rule, int port, Pods pods) {
    return Tree.list(rule, "ports").isEmpty()
        || Tree.list(rule, "ports").stream()
            .filter(it -> Tree.string(it, "protocol").equals("TCP"))
            .map(it -> Tree.string(it, "port"))
            .anyMatch(it -> (it.matches("\\d+") ? Integer.parseInt(it) : pods.port(it)) == port);
  }

  private static boolean allows(JsonElement rule, String side, Other other) {
    return Tree.list(rule, side).isEmpty()
        || Tree.list(rule, side).stream().anyMatch(peer -> is(peer, other));
  }

  private static boolean is(JsonElement peer, Other other) {
    InetAddress address = other.address();
    if (address != null) {
      return Tree.at(peer, "ipBlock").isJsonObject()
          && within(Tree.string(peer, "ipBlock/cidr"), address)
          && Tree.strings(peer, "ipBlock/except").stream().noneMatch(it -> within(it, address));
    }
    Map<String, String> namespace = Map.of("kubernetes.io/metadata.name", other.namespace());
    return Tree.at(peer, "namespaceSelector").isJsonObject()
        && Cluster.selects(Tree.at(peer, "namespaceSelector"), namespace)
        && Cluster.selects(Tree.at(peer, "podSelector"), other.labels());
  }

  private static boolean within(String cidr, InetAddress address) {
    String[] parts = cidr.split("/", 2);
    byte[] base = InetAddress.ofLiteral(parts[0]).getAddress();
    byte[] mine = address.getAddress();
    int rest = mine.length * 8 - Integer.parseInt(parts[1]);
    return base.length == mine.length
        && new BigInteger(1, base)
            .shiftRight(rest)
            .equals(new BigInteger(1, mine).shiftRight(rest));
  }
}
