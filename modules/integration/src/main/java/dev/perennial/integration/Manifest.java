package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a definition file is looked at, whichever of the three shapes it has. Other keys of a
 * manifest are nobody's business here.
 */
record Manifest(Json.Obj oauth, Json.@Nullable Obj headers, Json.@Nullable Arr form) {

  /** Empty where there is no oauth object. */
  static Optional<Manifest> of(Json.Obj root) {
    Fields fields = new Fields(root);
    return root.members().containsKey("oauth")
        ? fields
            .object("oauth")
            .map(oauth ->
                new Manifest(
                    oauth,
                    fields.object("headers").orElse(null),
                    fields.list("initial_data_form").orElse(null)))
        : Optional.of(new Manifest(root, null, null));
  }
}
