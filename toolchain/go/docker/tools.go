//go:build tools

// Package tools names the commands that this module builds, so that go.mod and go.sum hold all they need.
package tools

import (
	_ "github.com/docker/buildx/cmd/buildx"
	_ "github.com/docker/compose/v2/cmd"
)
