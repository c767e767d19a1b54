package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a definition file is looked at, whichever of the three shapes it has. Other keys of a
 * manifest are nobody's business here.
 */
record Manifest(Json.Obj oauth, Json.@Nullable Obj headers, Json.@Nullable Arr form) {

  static Optional<Manifest> of(Json.Obj root, Problems problems) {
    Fields fields = new Fields(root, problems);
    if (root.members().containsKey("oauth")) {
      if (root.get("oauth").isEmpty()) {
        problems.error(root.key("oauth"), "must be an object, is null");
      }
      Json.Obj headers = fields.object("headers").orElse(null);
      Json.Arr form = fields.list("initial_data_form").orElse(null);
      return fields.object("oauth").map(oauth -> new Manifest(oauth, headers, form));
    }
    if (isOauth(root)) {
      return Optional.of(new Manifest(root, null, null));
    }
    problems.error(
        root.at(), "there is no oauth object: neither a key oauth, nor access_token at the top");
    return Optional.empty();
  }

  private static boolean isOauth(Json.Obj root) {
    return root.members().keySet().stream().anyMatch(Keys.OAUTH.known()::contains);
  }
}
