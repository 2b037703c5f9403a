"""A living filter: a texture that still shows the picture under it.

The automaton reads a picture in its content channels; style and content are judged as in Gatys et
al., "A Neural Algorithm of Artistic Style" (2015), but of an automaton's states.
"""

import torch
from torch import Tensor

from exporters.automaton import Automaton
from exporters.content import CONTENT_CHANNELS
from training.automaton_step import new_automaton
from training.contents import Contents
from training.losses.content import ContentLoss
from training.losses.overflow import overflow_loss
from training.losses.style import StyleLoss
from training.plan import TrainingPlan
from training.targets.target import Target
from training.targets.texture import to_pictures

# In so many iterations one state has its picture exchanged, as a film's next scene would.
SCENE_CHANGE_SHARE = 0.5
LUMINANCE = (0.299, 0.587, 0.114)


class FilterTarget(Target):
    """A style loss, a content loss on what pictures show in grey, and an overflow loss.

    In grey, since colours are the style's.
    """

    def __init__(
        self,
        style: StyleLoss,
        content: ContentLoss,
        contents: Contents,
        content_weight: float,
        overflow_weight: float = 100.0,
    ) -> None:
        self.description = f"{style.description}; the picture by {content.description}"
        self._style = style
        self._content = content
        self._contents = contents
        self._content_weight = content_weight
        self._overflow_weight = overflow_weight

    def new_automaton(self, plan: TrainingPlan, generator: torch.Generator) -> Automaton:
        """A texture's, with a picture's channels on top."""
        return new_automaton(plan.channels, plan.hidden, generator, CONTENT_CHANNELS)

    def furnish(self, states: Tensor, generator: torch.Generator) -> None:
        """Give each state [n, h, w, channels] a picture to read."""
        for state in states:
            crop = self._contents.draw(state.shape[0], generator)
            state[..., -CONTENT_CHANNELS:] = crop.permute(1, 2, 0) - 0.5

    def disturb(self, states: Tensor, generator: torch.Generator) -> None:
        """Now and then exchange the picture under a state."""
        if torch.rand((), generator=generator) < SCENE_CHANGE_SHARE:
            self.furnish(states[:1], generator)

    def loss(self, states: Tensor, generator: torch.Generator) -> Tensor:
        """Style, content and overflow of states [batch, h, w, channels], weighted."""
        pictures = to_pictures(states)
        contents = states[..., -CONTENT_CHANNELS:].permute(0, 3, 1, 2) + 0.5
        with torch.no_grad():
            aims = self._content.features(in_grey(contents), "circular")
        content = self._content(self._content.features(in_grey(pictures), "circular"), aims)
        overflow = self._overflow_weight * overflow_loss(states)
        return self._style(pictures, generator) + self._content_weight * content + overflow


def in_grey(pictures: Tensor) -> Tensor:
    """Luminance of pictures [batch, 3, h, w] as grey ones, of mean 0.5 each.

    A style may be darker or lighter than what it shows.
    """
    weights = pictures.new_tensor(LUMINANCE)[:, None, None]
    grey = (pictures * weights).sum(1, keepdim=True)
    centred = grey - grey.mean((2, 3), keepdim=True) + 0.5
    return centred.expand(-1, 3, -1, -1)
