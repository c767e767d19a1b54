@NullMarked
package dev.perennial.devstack.dialect;

import org.jspecify.annotations.NullMarked;
