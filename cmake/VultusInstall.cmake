# The install tree is made in the packaging step of the set-up.
